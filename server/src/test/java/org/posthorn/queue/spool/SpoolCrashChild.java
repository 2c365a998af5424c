package org.posthorn.queue.spool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Notifier;
import org.posthorn.queue.QueueBench;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.QueueRunner;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.storage.CommitLogConfig;
import org.posthorn.storage.LogFile;

/** The process that {@link SpoolCrashTest} kills: commits messages as fast as it can and says so after each commit. */
final class SpoolCrashChild {
    private static final int THREADS = 6;

    private SpoolCrashChild() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        FileSpool spool = open(directory);
        QueueRunner runner = runner(spool, directory);
        runner.start();
        System.out.println("UP");
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(seed * 100 + t);
            threads[t] = Thread.startVirtualThread(() -> send(spool, random, System.out));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    static QueueConfig config(Path directory) {
        QueueConfig by = QueueConfig.defaults(directory.resolve("spool"));
        return new QueueConfig(
                by.directory(),
                16 << 10,
                64 << 10,
                0,
                new CommitLogConfig(128 << 10, 512 << 10, 2),
                by.retryDelays(),
                by.lifetime(),
                by.bounceLifetime(),
                by.warnAfter(),
                by.remoteConcurrency(),
                by.remoteTotal(),
                by.localConcurrency(),
                by.localTotal());
    }

    static FileSpool open(Path directory) throws IOException {
        return FileSpool.open(
                config(directory),
                () -> {},
                InstantSource.system(),
                LogFile::onDisk,
                SpoolRecovery.Trust.here(),
                MailLog.none());
    }

    static QueueRunner runner(FileSpool spool, Path directory) throws IOException {
        Path mail = Files.createDirectories(directory.resolve("mail"));
        DeliveryAgent agent = (destination, jobs) -> deliverAll(mail, jobs);
        Notifier silent = new Notifier() {
            @Override
            public void failed(QueuedMessage message, List<Undelivered> recipients) {}

            @Override
            public void delayed(QueuedMessage message, List<Undelivered> recipients, Instant giveUp) {}
        };
        return new QueueRunner(
                spool,
                config(directory),
                QueueBench::routeByDomain,
                QueueBench.transports(config(directory), agent, agent),
                silent,
                InstantSource.system(),
                new Random(1),
                MailLog.none());
    }

    private static void send(FileSpool spool, Random random, PrintStream out) {
        try {
            while (true) {
                int size = random.nextInt(20) == 0 ? 20_000 + random.nextInt(60_000) : random.nextInt(5000);
                byte[] body = new byte[size];
                random.nextBytes(body);
                try (Draft draft = spool.begin()) {
                    draft.write(body, 0, size);
                    draft.commit(
                            QueueBench.envelope("a@far.test", "u" + random.nextInt(5) + "@here.test"),
                            new byte[] {'P', '\r', '\n'});
                    CRC32 sum = new CRC32();
                    sum.update(body);
                    out.println("OK " + draft.id() + " " + sum.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deliverAll(Path mail, DeliveryAgent.Jobs jobs) {
        for (Optional<DeliveryAgent.Job> job = jobs.next(); job.isPresent(); job = jobs.next()) {
            try {
                deliver(mail, job.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (Address recipient : job.get().recipients()) {
                job.get()
                        .settle(
                                recipient,
                                new DeliveryOutcome.Delivered("local", new EnhancedStatus(2, 0, 0), "delivered"));
            }
        }
    }

    private static void deliver(Path mail, DeliveryAgent.Job job) throws IOException {
        QueuedMessage message = job.message();
        Path target = mail.resolve(message.id().text());
        if (Files.exists(target)) {
            if (!job.mayBeRepeat()) {
                Files.writeString(
                        mail.resolveSibling("double"),
                        message.id() + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
            return;
        }
        CRC32 sum = new CRC32();
        byte[] content = message.content().open().readAllBytes();
        sum.update(content, 3, content.length - 3);
        Path aside = mail.resolveSibling("aside-" + message.id());
        Files.write(aside, Long.toString(sum.getValue()).getBytes(US_ASCII));
        try {
            Files.move(aside, target);
        } catch (FileAlreadyExistsException e) {
            Files.delete(aside);
        }
    }
}
