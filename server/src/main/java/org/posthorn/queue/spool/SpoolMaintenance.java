package org.posthorn.queue.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.posthorn.log.MailLog;
import org.posthorn.queue.QueueConfig;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.LogPosition;
import org.posthorn.storage.PendingRecord;

/**
 * Gives room back. What local deliveries have settled is forgotten only when the mailboxes are durable: one sync of the
 * file system covers all deliveries of a segment. Messages that lie long are written again into a newer segment, so that
 * they hold no old one.
 */
final class SpoolMaintenance {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A checkpoint comes at the latest so long after a local delivery; it bounds what a power loss repeats. */
    private static final Duration CHECKPOINT = Duration.ofSeconds(30);

    /** Octets of settled large messages that make a checkpoint worth while. */
    private static final long REMOVABLE = 256L << 20;

    /** The log may take this many segments before messages in the oldest are written again. */
    private static final int FREE_SEGMENTS = 4;

    private static final int BATCH_OCTETS = 8 << 20;

    private record Settled(Path file, long octets) {}

    private final FileSpool spool;
    private final CommitLog log;
    private final Path large;
    private final FileSpool.LocalMail localMail;
    private final QueueConfig config;
    private final MailLog mailLog;
    private final ConcurrentLinkedQueue<Settled> removable = new ConcurrentLinkedQueue<>();
    private final AtomicLong removableOctets = new AtomicLong();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("spool-maintenance").unstarted(this::loop);
    private volatile boolean closing;

    /** At first true: a killed process may have left deliveries that no checkpoint covers. */
    private volatile boolean dirty = true;

    private long lastCheckpoint = System.nanoTime();

    @GuardedBy("this")
    private long checkpoints;

    SpoolMaintenance(
            FileSpool spool,
            CommitLog log,
            Path large,
            FileSpool.LocalMail localMail,
            QueueConfig config,
            MailLog mailLog) {
        this.spool = spool;
        this.log = log;
        this.large = large;
        this.localMail = localMail;
        this.config = config;
        this.mailLog = mailLog;
    }

    void start() {
        thread.start();
    }

    void deliveredLocally() {
        dirty = true;
    }

    /** The file of a settled message: removed after the next checkpoint. */
    void removeLater(Path file, long octets) {
        removable.add(new Settled(file, octets));
        if (removableOctets.addAndGet(octets) > REMOVABLE) {
            LockSupport.unpark(thread);
        }
    }

    private void loop() {
        while (!closing) {
            LockSupport.parkNanos(this, PERIOD.toNanos());
            try {
                run(false);
            } catch (IOException | RuntimeException | Error e) {
                mailLog.failure(MailLog.Level.ERROR, "spool", "", "maintenance-failed", e);
                LockSupport.parkNanos(this, PERIOD.toNanos() * 5);
            }
        }
    }

    /** One round; {@code now}: whether a checkpoint is made even if it could wait. */
    synchronized void run(boolean now) throws IOException {
        List<Long> segments = log.releasable();
        boolean late = System.nanoTime() - lastCheckpoint > CHECKPOINT.toNanos();
        boolean wanted = (now || late) && (dirty || !removable.isEmpty());
        if (!segments.isEmpty() || removableOctets.get() > REMOVABLE || wanted) {
            checkpoint();
            log.free(segments);
        }
        if (log.size() > spool.liveOctets() * 2 + FREE_SEGMENTS * config.log().segmentSize()) {
            compact();
        }
    }

    /**
     * Order matters. What is settled by now is delivered; the mailboxes are made durable; the log says so, and with it
     * that those messages are settled; only then their files go.
     */
    @GuardedBy("this")
    private void checkpoint() throws IOException {
        List<Settled> settled = new ArrayList<>();
        for (Settled next = removable.poll(); next != null; next = removable.poll()) {
            settled.add(next);
        }
        try {
            long number = ++checkpoints;
            log.note(SpoolRecord.CHECKPOINT, SpoolCodec.checkpoint(number, false));
            if (dirty) {
                dirty = false;
                localMail.makeDurable();
            }
            log.sync(SpoolRecord.CHECKPOINT, SpoolCodec.checkpoint(number, true))
                    .await();
        } catch (IOException | RuntimeException e) {
            dirty = true;
            removable.addAll(settled);
            throw e;
        }
        lastCheckpoint = System.nanoTime();
        for (Settled each : settled) {
            Files.deleteIfExists(each.file());
            removableOctets.addAndGet(-each.octets());
        }
    }

    /** Writes the messages of the oldest segment again, but for those in delivery at present, which come next time. */
    private void compact() throws IOException {
        Optional<Map.Entry<Long, Integer>> oldest = log.oldest();
        if (oldest.isEmpty() || oldest.get().getValue() == 0) {
            return;
        }
        long segment = oldest.get().getKey();
        List<Move> moves = new ArrayList<>();
        long octets = 0;
        for (SpoolMessage message : spool.all()) {
            Optional<Move> move = message.position().segment() == segment ? begin(message) : Optional.empty();
            if (move.isPresent()) {
                moves.add(move.get());
                octets += message.position().length();
            }
            if (octets > BATCH_OCTETS) {
                finish(moves);
                moves.clear();
                octets = 0;
            }
        }
        finish(moves);
    }

    private record Move(SpoolMessage message, PendingRecord ticket) {}

    private Optional<Move> begin(SpoolMessage message) throws IOException {
        synchronized (message) {
            if (!message.isAtRest()) {
                return Optional.empty();
            }
            PendingRecord ticket = log.keep(SpoolRecord.MESSAGE, log.readAll(message.position()));
            message.noteAll();
            return Optional.of(new Move(message, ticket));
        }
    }

    private void finish(List<Move> moves) throws IOException {
        for (Move move : moves) {
            LogPosition to = move.ticket().await();
            SpoolMessage message = move.message();
            synchronized (message) {
                // Where somebody reads the old record now, or nobody needs either, the new one goes.
                log.release(message.isAtRest() ? message.moveTo(to) : to);
            }
        }
    }

    /** False once the thread has ended by itself. */
    boolean alive() {
        return closing || thread.getState() == Thread.State.NEW || thread.isAlive();
    }

    /** Ends the thread. */
    void stop() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread and makes a last checkpoint. */
    void close() {
        stop();
        try {
            run(true);
        } catch (IOException | RuntimeException e) {
            mailLog.failure(MailLog.Level.ERROR, "spool", "", "maintenance-failed", e, "directory", large);
        }
    }
}
