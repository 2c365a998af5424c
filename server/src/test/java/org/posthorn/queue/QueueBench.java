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
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.queue.spool.SpoolBench;
import org.posthorn.storage.CommitLogConfig;
import org.posthorn.storage.LogFile;
import org.posthorn.testing.Patience;

/** A queue with agents, router and notifier of a test's making: {@code here.test} is local, everything else remote. */
public final class QueueBench implements AutoCloseable {
    public record Notice(String kind, QueueId id, List<String> recipients, List<String> statuses) {}

    public final Path directory;
    public final SettableClock clock = new SettableClock();
    public final LineLog log = new LineLog();
    public final ScriptedAgent local = new ScriptedAgent();
    public final ScriptedAgent remote = new ScriptedAgent();
    public final List<Notice> notices = Collections.synchronizedList(new ArrayList<>());
    public volatile Router router = QueueBench::routeByDomain;
    public volatile boolean noticesFail;
    /** Done before a notice is kept, or fails. */
    public volatile Runnable beforeNotice = () -> {};

    public volatile FileSpool.LocalMail localMail = () -> {};
    /** The kernel under which it runs. */
    public volatile String boot = "boot-1";

    public volatile LogFile.Opener opener = LogFile::onDisk;
    public QueueConfig config;
    public FileSpool spool;
    public QueueRunner runner;

    public QueueBench(Path directory) {
        this(directory, by -> by);
    }

    public QueueBench(Path directory, UnaryOperator<QueueConfig> change) {
        this.directory = directory;
        this.config = change.apply(smallSegments(QueueConfig.defaults(directory)));
    }

    public static QueueConfig smallSegments(QueueConfig by) {
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

    public QueueBench openSpool() throws IOException {
        spool = SpoolBench.open(config, () -> localMail.makeDurable(), clock, path -> opener.open(path), boot, log);
        return this;
    }

    public QueueBench start() throws IOException {
        if (spool == null) {
            openSpool();
        }
        runner = idleRunner();
        runner.start();
        return this;
    }

    public QueueRunner idleRunner() {
        return new QueueRunner(
                spool,
                config,
                address -> router.route(address),
                transports(config, local, remote),
                notifier(),
                clock,
                new Random(1),
                log);
    }

    public static List<Transport> transports(QueueConfig config, DeliveryAgent local, DeliveryAgent remote) {
        return List.of(
                new Transport(Transport.LOCAL, local, config.localConcurrency(), config.localTotal()),
                new Transport(Transport.SMTP, remote, config.remoteConcurrency(), config.remoteTotal()));
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
                recipients.stream()
                        .map(each -> each.recipient().address().toString())
                        .toList(),
                recipients.stream()
                        .map(each -> each.outcome().status().toString())
                        .toList()));
    }

    public static Router.Route routeByDomain(Address address) {
        Destination destination = address.domain().name().equals("here.test")
                ? Destination.mailbox(address.toString())
                : Destination.smtp(address.domain().name());
        return new Router.Route.To(List.of(new Router.Hop(destination, address)));
    }

    public static Envelope envelope(String sender, String... recipients) {
        return new Envelope(
                sender.isEmpty() ? Optional.empty() : Optional.of(Address.parse(sender)),
                Arrays.stream(recipients).map(Address::parse).toList(),
                false,
                true);
    }

    public QueueId send(String body, String sender, String... recipients) throws IOException {
        return commit(spool, body, envelope(sender, recipients));
    }

    public static QueueId commit(Spool spool, String body, Envelope envelope) throws IOException {
        try (Draft draft = spool.begin()) {
            byte[] bytes = body.getBytes(UTF_8);
            draft.write(bytes, 0, bytes.length);
            draft.commit(envelope, "X-Prefix: yes\r\n".getBytes(UTF_8));
            return draft.id();
        }
    }

    public void advance(Duration by) {
        clock.advance(by);
        runner.wake();
    }

    public static void await(BooleanSupplier condition) {
        Duration limit = Duration.ofMillis(Patience.millis());
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not happen within " + limit.toSeconds() + " s");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    public void awaitEmpty() {
        await(() -> spool.messages().isEmpty());
    }

    /** Until the last delivery has let go of its message. */
    public void awaitGone() {
        await(() -> runner.metrics().busy() == 0);
    }

    /** Until every message is held or waits for a time to come. */
    public void awaitQuiet() {
        await(() -> runner.entries().stream().allMatch(this::isQuiet));
    }

    private boolean isQuiet(QueueEntry entry) {
        synchronized (entry) {
            return entry.pending().stream()
                    .allMatch(recipient ->
                            recipient.outstanding == 0 && (entry.held || recipient.nextMillis() > clock.millis()));
        }
    }

    public void restart() throws IOException {
        stop();
        start();
    }

    public void stop() {
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

    public static MailLog silent() {
        return MailLog.none();
    }

    public static InstantSource systemClock() {
        return InstantSource.system();
    }
}
