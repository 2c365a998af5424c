package org.posthorn.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.storage.CommitLogConfig;
import org.posthorn.storage.LogFile;

/** A queue with agents, router and notifier of a test's making: {@code here.test} is local, everything else remote. */
final class QueueBench implements AutoCloseable {
    record Notice(String kind, QueueId id, List<String> recipients, List<String> statuses) {}

    final Path directory;
    final SettableClock clock = new SettableClock();
    final LineLog log = new LineLog();
    final ScriptedAgent local = new ScriptedAgent();
    final ScriptedAgent remote = new ScriptedAgent();
    final List<Notice> notices = Collections.synchronizedList(new ArrayList<>());
    volatile Router router = QueueBench::routeByDomain;
    volatile boolean noticesFail;
    /** Done before a notice is kept, or fails. */
    volatile Runnable beforeNotice = () -> {};

    volatile FileSpool.LocalMail localMail = () -> {};
    volatile SpoolRecovery.Trust trust = new SpoolRecovery.Trust("boot-1");
    volatile LogFile.Opener opener = LogFile::onDisk;
    QueueConfig config;
    FileSpool spool;
    QueueRunner runner;

    QueueBench(Path directory) {
        this(directory, by -> by);
    }

    QueueBench(Path directory, UnaryOperator<QueueConfig> change) {
        this.directory = directory;
        this.config = change.apply(smallSegments(QueueConfig.defaults(directory)));
    }

    static QueueConfig smallSegments(QueueConfig by) {
        return new QueueConfig(
                by.directory(),
                by.inlineLimit(),
                by.memoryLimit(),
                0,
                new CommitLogConfig(256 << 10, 256 << 10, 2),
                by.retryDelays(),
                by.lifetime(),
                by.bounceLifetime(),
                by.warnAfter(),
                by.remoteConcurrency(),
                by.remoteTotal(),
                by.localConcurrency(),
                by.localTotal());
    }

    QueueBench openSpool() throws IOException {
        spool = FileSpool.open(config, () -> localMail.makeDurable(), clock, path -> opener.open(path), trust, log);
        return this;
    }

    QueueBench start() throws IOException {
        if (spool == null) {
            openSpool();
        }
        runner = idleRunner();
        runner.start();
        return this;
    }

    QueueRunner idleRunner() {
        return new QueueRunner(
                spool, config, address -> router.route(address), local, remote, notifier(), clock, new Random(1), log);
    }

    private Notifier notifier() {
        return new Notifier() {
            @Override
            public void failed(QueuedMessage message, List<Undelivered> recipients) throws IOException {
                note("failed", message, recipients);
            }

            @Override
            public void delayed(QueuedMessage message, List<Undelivered> recipients, Instant giveUp)
                    throws IOException {
                note("delayed", message, recipients);
            }
        };
    }

    private void note(String kind, QueuedMessage message, List<Notifier.Undelivered> recipients) throws IOException {
        beforeNotice.run();
        if (noticesFail) {
            throw new IOException("no room");
        }
        notices.add(new Notice(
                kind,
                message.id(),
                recipients.stream().map(each -> each.recipient().toString()).toList(),
                recipients.stream()
                        .map(each -> each.outcome().status().toString())
                        .toList()));
    }

    static Router.Route routeByDomain(Address address) {
        Destination destination = address.domain().name().equals("here.test")
                ? new Destination(Destination.Kind.LOCAL, address.toString())
                : new Destination(Destination.Kind.REMOTE, address.domain().name());
        return new Router.Route.To(List.of(new Router.Hop(destination, address)));
    }

    static Envelope envelope(String sender, String... recipients) {
        return new Envelope(
                sender.isEmpty() ? Optional.empty() : Optional.of(Address.parse(sender)),
                Arrays.stream(recipients).map(Address::parse).toList(),
                false,
                true);
    }

    QueueId send(String body, String sender, String... recipients) throws IOException {
        return commit(spool, body, envelope(sender, recipients));
    }

    static QueueId commit(Spool spool, String body, Envelope envelope) throws IOException {
        try (Draft draft = spool.begin()) {
            byte[] bytes = body.getBytes(UTF_8);
            draft.write(bytes, 0, bytes.length);
            draft.commit(envelope, "X-Prefix: yes\r\n".getBytes(UTF_8));
            return draft.id();
        }
    }

    void advance(Duration by) {
        clock.advance(by);
        runner.wake();
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not happen within 30 s");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    void awaitEmpty() {
        await(() -> spool.entries().isEmpty());
    }

    /** Until the last delivery has let go of its message. */
    void awaitGone() {
        await(() -> runner.metrics().busy() == 0);
    }

    /** Until every message is held or waits for a time to come. */
    void awaitQuiet() {
        await(() -> spool.entries().stream().allMatch(this::isQuiet));
    }

    private boolean isQuiet(QueueEntry entry) {
        synchronized (entry) {
            return entry.users == 0
                    && entry.pending().stream()
                            .allMatch(recipient -> recipient.outstanding == 0
                                    && (entry.held || recipient.nextMillis > clock.millis()));
        }
    }

    void restart() throws IOException {
        stop();
        start();
    }

    void stop() {
        if (runner != null) {
            runner.close(Duration.ofSeconds(5));
            runner = null;
        }
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    static MailLog silent() {
        return MailLog.none();
    }

    static InstantSource systemClock() {
        return InstantSource.system();
    }
}
