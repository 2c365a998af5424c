package org.posthorn.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueuedMessage;

/**
 * Local delivery that also reads reports. A message for one of the report mailboxes is delivered first; then its bytes are handed to a
 * thread of its own. Thread-safe.
 */
final class ReportInbox implements DeliveryAgent, Closeable {
    /** Largest mail that is read, octets: an attachment of the limit in base64, and what stands around it. */
    static final int MAX_MAIL = 15 << 20;
    /** Mails that wait to be read. */
    static final int MAX_WAITING = 64;
    /** Octets of all that wait. */
    static final long MAX_OCTETS = 32 << 20;

    private final DeliveryAgent local;
    private final Supplier<ReportingConfig> config;
    private final ReportReader reader;
    private final Counter skipped;
    private final MailLog log;
    private final AtomicLong waiting = new AtomicLong();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofVirtual().name("report-reader").factory());

    ReportInbox(
            DeliveryAgent local, Supplier<ReportingConfig> config, ReportReader reader, Metrics metrics, MailLog log) {
        this.local = local;
        this.config = config;
        this.reader = reader;
        this.skipped = metrics.counter("posthorn_report_mails_skipped", "Mails to report mailboxes that were not read");
        this.log = log;
    }

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        local.deliver(destination, () -> jobs.next().map(job -> isForUs(destination, job) ? new Watched(job) : job));
    }

    /** By an address that it was sent to, or the account that it ends up in. */
    private boolean isForUs(Destination destination, Job job) {
        ReportingConfig settings = config.get();
        if (settings.mailboxes().isEmpty()) {
            return false;
        }
        try {
            return settings.mailboxes()
                            .contains(Address.parse(destination.name()).canonical())
                    || job.recipients().stream().map(Address::canonical).anyMatch(settings.mailboxes()::contains);
        } catch (MalformedAddressException notAnAccount) {
            return false;
        }
    }

    private void take(QueuedMessage message) {
        String id = message.id().text();
        MessageContent content = message.content();
        if (content.size() > MAX_MAIL) {
            skip(id, "larger than " + MAX_MAIL + " octets");
            return;
        }
        if (waiting.addAndGet(content.size()) > MAX_OCTETS || thread.getQueue().remainingCapacity() == 0) {
            waiting.addAndGet(-content.size());
            skip(id, "too many are waiting");
            return;
        }
        try (InputStream in = content.open()) {
            MessageContent copy = MessageContent.of(in.readAllBytes());
            thread.execute(() -> read(id, copy));
        } catch (IOException | RuntimeException e) {
            waiting.addAndGet(-content.size());
            skip(id, String.valueOf(e.getMessage()));
        }
    }

    private void skip(String id, String reason) {
        skipped.increment();
        log.warning("reports", id, "report-not-read", "reason", reason);
    }

    private void read(String id, MessageContent message) {
        try {
            for (ReportReader.Outcome outcome : reader.mail(message)) {
                switch (outcome) {
                    case ReportReader.Outcome.Stored(String report) ->
                        log.info("reports", id, "report-stored", "report", report);
                    case ReportReader.Outcome.Known(String report) ->
                        log.info("reports", id, "report-known", "report", report);
                    case ReportReader.Outcome.Single(String report) ->
                        log.info("reports", id, "report-single", "report", report);
                    case ReportReader.Outcome.Refused(String reason) ->
                        log.warning("reports", id, "report-refused", "reason", reason);
                }
            }
        } catch (IOException | RuntimeException e) {
            skipped.increment();
            log.failure(MailLog.Level.ERROR, "reports", id, "report-not-read", e);
        } finally {
            waiting.addAndGet(-message.size());
        }
    }

    /** Reads on with what waits, for a moment. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.shutdownNow();
        }
    }

    /** Sees a message through its delivery. */
    private final class Watched implements Job {
        private final Job job;
        private boolean taken;

        Watched(Job job) {
            this.job = job;
        }

        @Override
        public QueuedMessage message() {
            return job.message();
        }

        @Override
        public List<Address> recipients() {
            return job.recipients();
        }

        @Override
        public boolean mayBeRepeat() {
            return job.mayBeRepeat();
        }

        @Override
        public void settle(Address recipient, DeliveryOutcome outcome) {
            if (outcome instanceof DeliveryOutcome.Delivered && !taken) {
                // before it is settled: the queue may then let go of its bytes
                taken = true;
                take(job.message());
            }
            job.settle(recipient, outcome);
        }
    }
}
