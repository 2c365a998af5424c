package org.posthorn.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.posthorn.log.MailLog;

/**
 * The log's thread: takes what many threads have appended, writes it, syncs once, tells them. While a sync runs the next
 * records gather, so batches grow with the load and an idle log adds no latency.
 */
final class LogWriter {
    /** Notes are synced after this time even if nobody commits anything. */
    private static final Duration NOTES_SYNC = Duration.ofSeconds(1);

    /** A new segment is not tried again before this time has passed: each try fills a file. */
    private static final Duration TRIES = Duration.ofMillis(200);

    /** Octets that may wait; beyond that appending blocks. */
    private static final long MAX_PENDING = 64L << 20;

    /** Notes kept for a disk that takes nothing at present; beyond that the oldest are dropped, which repeats deliveries. */
    private static final int MAX_PARKED = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition drained = lock.newCondition();

    @GuardedBy("lock")
    private List<PendingRecord> pending = new ArrayList<>();

    @GuardedBy("lock")
    private long pendingOctets;

    @GuardedBy("lock")
    private boolean closing;

    private volatile boolean closed;

    private final SegmentChain chain;
    private final MailLog mailLog;
    private final ArrayDeque<PendingRecord> unsynced = new ArrayDeque<>();
    private final ArrayDeque<PendingRecord> parked = new ArrayDeque<>();
    private List<PendingRecord> batch = List.of();
    private int waiting;
    private long unsyncedSince;
    private Optional<Trouble> trouble = Optional.empty();
    private final LongAdder syncs = new LongAdder();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("commit-log").unstarted(this::run);

    /** Why there was no segment to write to, and when that was tried. */
    private record Trouble(IOException cause, long at) {}

    LogWriter(
            SegmentFiles files,
            CommitLogConfig config,
            ConcurrentSkipListMap<Long, Segment> segments,
            Supplier<byte[]> stamp,
            SegmentEnds ends,
            MailLog mailLog) {
        this.chain = new SegmentChain(files, config, segments, stamp, ends);
        this.mailLog = mailLog;
    }

    void start() {
        chain.prepare();
        thread.start();
    }

    long syncs() {
        return syncs.sum();
    }

    long currentNumber() {
        return chain.currentNumber();
    }

    PendingRecord append(PendingRecord ticket) throws IOException {
        if (ticket.length > CommitLog.MAX_RECORD || ticket.length == 0) {
            throw new IOException("a record of " + ticket.length + " octets");
        }
        lock.lock();
        try {
            while (pendingOctets > MAX_PENDING && !closing) {
                drained.awaitUninterruptibly();
            }
            if (closing) {
                throw new IOException("the log is closed");
            }
            if (pending.isEmpty()) {
                arrived.signal();
            }
            pending.add(ticket);
            pendingOctets += ticket.length;
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /** False once the thread has ended by itself: then nothing can be written any more. */
    boolean alive() {
        return closed || thread.getState() == Thread.State.NEW || thread.isAlive();
    }

    void close() {
        closed = true;
        lock.lock();
        try {
            closing = true;
            arrived.signal();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        chain.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (take()) {
                process();
            }
            process();
        } catch (RuntimeException | Error e) {
            mailLog.failure(MailLog.Level.ERROR, "spool", "", "log-broken", e);
            breakDown(e);
        }
    }

    /** Waits for records; the batch is empty when notes have waited long enough. False at the end. */
    private boolean take() {
        lock.lock();
        try {
            batch = List.of();
            while (pending.isEmpty() && !closing) {
                if (unsynced.isEmpty() && parked.isEmpty()) {
                    arrived.awaitUninterruptibly();
                } else if (arrived.awaitNanos(untilNotesSync()) <= 0) {
                    return true;
                }
            }
            batch = pending;
            pending = new ArrayList<>();
            pendingOctets = 0;
            drained.signalAll();
            return !batch.isEmpty();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally {
            lock.unlock();
        }
    }

    private long untilNotesSync() {
        long since = unsynced.isEmpty() ? System.nanoTime() : unsyncedSince;
        return NOTES_SYNC.toNanos() - (System.nanoTime() - since);
    }

    private void process() {
        unpark();
        batch.forEach(this::write);
        if (waiting > 0 || batch.isEmpty() || unsynced.size() > MAX_PARKED || untilNotesSync() <= 0) {
            sync();
        } else {
            flush();
        }
    }

    /** In the order in which they were noted: a later one may take back what an earlier one says. */
    private void unpark() {
        while (!parked.isEmpty()) {
            PendingRecord next = parked.element();
            // Where the segment had to be given up, what was in it has come before this one.
            if (!hasRoom(next) || parked.element() != next || !place(parked.remove())) {
                return;
            }
        }
    }

    private void write(PendingRecord ticket) {
        if (ticket.kind == PendingRecord.Kind.NOTE && !parked.isEmpty()) {
            park(ticket);
        } else if (hasRoom(ticket)) {
            place(ticket);
        } else {
            refuse(ticket, trouble.map(Trouble::cause).orElseThrow());
        }
    }

    private boolean hasRoom(PendingRecord ticket) {
        long room = RecordHeader.room(ticket.length);
        if (chain.isOpen() && !chain.fits(room)) {
            // A segment is left only when all of it is durable.
            sync();
        }
        return chain.fits(room) || makeRoom(room);
    }

    /** False where the segment had to be given up. */
    private boolean place(PendingRecord ticket) {
        if (unsynced.isEmpty()) {
            unsyncedSince = System.nanoTime();
        }
        unsynced.add(ticket);
        if (ticket.kind != PendingRecord.Kind.NOTE) {
            waiting++;
        }
        try {
            ticket.at(chain.write(ticket));
            return true;
        } catch (IOException e) {
            abandon(e);
            return false;
        }
    }

    private boolean makeRoom(long room) {
        if (trouble.filter(t -> System.nanoTime() - t.at() < TRIES.toNanos()).isPresent()) {
            return false;
        }
        try {
            chain.makeRoom(room);
            trouble = Optional.empty();
            return true;
        } catch (IOException e) {
            if (trouble.isEmpty()) {
                mailLog.failure(MailLog.Level.ERROR, "spool", "", "no-room-in-log", e);
            }
            trouble = Optional.of(new Trouble(e, System.nanoTime()));
            return false;
        }
    }

    private void flush() {
        try {
            chain.flush();
        } catch (IOException e) {
            abandon(e);
        }
    }

    private void sync() {
        if (unsynced.isEmpty()) {
            return;
        }
        try {
            chain.sync();
            syncs.increment();
        } catch (IOException e) {
            abandon(e);
            return;
        }
        waiting = 0;
        for (PendingRecord ticket : unsynced) {
            ticket.done();
        }
        unsynced.clear();
    }

    /**
     * After a failed write or sync nothing is known of the octets since the last good one, and asking again would get a
     * false yes: the kernel has marked the pages clean. So this segment ends there.
     */
    private void abandon(IOException cause) {
        mailLog.failure(MailLog.Level.ERROR, "spool", "", "segment-abandoned", cause, "segment", chain.currentNumber());
        Iterator<PendingRecord> newestFirst = unsynced.descendingIterator();
        while (newestFirst.hasNext()) {
            PendingRecord ticket = newestFirst.next();
            if (ticket.kind == PendingRecord.Kind.NOTE) {
                parked.addFirst(ticket);
            } else {
                ticket.fail(cause);
            }
        }
        chain.abandon(unsynced);
        unsynced.clear();
        waiting = 0;
    }

    private void refuse(PendingRecord ticket, IOException cause) {
        if (ticket.kind == PendingRecord.Kind.NOTE) {
            park(ticket);
        } else {
            ticket.fail(cause);
        }
    }

    private void park(PendingRecord note) {
        parked.add(note);
        while (parked.size() > MAX_PARKED) {
            parked.remove();
        }
    }

    private void breakDown(Throwable cause) {
        lock.lock();
        try {
            closing = true;
            drained.signalAll();
            IOException failure = new IOException("the log is broken", cause);
            // Of what was written before nobody waits for anything.
            batch.forEach(ticket -> ticket.fail(failure));
            pending.forEach(ticket -> ticket.fail(failure));
        } finally {
            lock.unlock();
        }
    }
}
