package org.posthorn.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Collects lines in one buffer while one thread writes the other out: at once when the log was quiet, then at most every
 * {@link #GATHER}, since waking a thread for each line costs more than the line. Callers wait while their buffer is full, so
 * memory is bounded and nothing is lost; only what cannot be written (a full disk) is dropped, counted, and told
 * about once writing works again. Thread-safe.
 */
final class LineWriter implements Closeable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** How long lines gather after a write before the next, unless their buffer fills or somebody waits for them. */
    static final Duration GATHER = Duration.ofMillis(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final LogOutput file;
    private final Thread thread;

    private final int capacity;

    @GuardedBy("lock")
    private byte[] filling;

    /** Belongs to the thread between two turns at the lock. */
    private byte[] writing;

    @GuardedBy("lock")
    private int filled;

    @GuardedBy("lock")
    private long linesFilled;

    @GuardedBy("lock")
    private long linesWritten;

    @GuardedBy("lock")
    private int flushing;

    @GuardedBy("lock")
    private boolean reopen;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private long lost;

    private volatile String trouble = "";

    LineWriter(LogOutput file, int queueBytes) {
        this.file = file;
        this.capacity = queueBytes;
        this.filling = new byte[queueBytes];
        this.writing = new byte[queueBytes];
        // A platform thread: file writes pin their carrier, and the log must move when all carriers are busy.
        this.thread = Thread.ofPlatform().name("log").daemon().start(this::run);
    }

    /** Takes a line without its line end; waits for room. After {@link #close} lines are dropped. */
    void add(CharSequence line) {
        byte[] bytes = LineText.harmless(line.toString()).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, capacity - 1);
        lock.lock();
        try {
            while (capacity - filled < length + 1 && !closed) {
                room.awaitUninterruptibly();
            }
            if (closed) {
                return;
            }
            boolean first = filled == 0;
            boolean hadRoom = !isHalfFull();
            System.arraycopy(bytes, 0, filling, filled, length);
            filled += length;
            filling[filled++] = '\n';
            linesFilled++;
            if (first || (hadRoom && isHalfFull())) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean isHalfFull() {
        return filled > capacity / 2;
    }

    /** Asks for the file to be opened anew; waits for nothing. */
    void reopen() {
        lock.lock();
        try {
            reopen = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything added before is written, up to the limit. */
    void flush(Duration limit) {
        lock.lock();
        try {
            flushing++;
            work.signal();
            awaitWritten(linesFilled, limit.toNanos());
            flushing--;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void awaitWritten(long goal, long nanos) {
        try {
            for (long left = nanos; linesWritten < goal && left > 0; ) {
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lines dropped because they could not be written. */
    long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** Why lines cannot be written or the file not be opened anew at present, a line. */
    List<String> faults() {
        String now = trouble;
        return now.isEmpty() ? List.of() : List.of(now + "; lines are lost until it can");
    }

    /** False once the thread has ended by itself. */
    boolean alive() {
        lock.lock();
        try {
            return closed || thread.isAlive();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean reopening = false;
        long untold = 0;
        long written = System.nanoTime() - GATHER.toNanos();
        while (true) {
            int length;
            long lines;
            lock.lock();
            try {
                await(written);
                if (filled == 0 && closed) {
                    return;
                }
                byte[] full = filling;
                filling = writing;
                writing = full;
                length = filled;
                filled = 0;
                lines = linesFilled - linesWritten;
                reopening = reopen;
                reopen = false;
                room.signalAll();
            } finally {
                lock.unlock();
            }
            untold = write(length, lines, reopening, untold);
            written = System.nanoTime();
        }
    }

    /** Waits until there is something to do and it is time to do it. */
    @GuardedBy("lock")
    private void await(long lastWritten) {
        boolean interrupted = false;
        while (!reopen && !closed) {
            long left = lastWritten + GATHER.toNanos() - System.nanoTime();
            if (filled > 0 && (left <= 0 || flushing > 0 || isHalfFull())) {
                break;
            }
            try {
                if (filled == 0) {
                    work.await();
                } else {
                    var _ = work.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                // Nobody does that; the log must go on all the same.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long write(int length, long lines, boolean reopening, long untold) {
        long failed = 0;
        String complaint = "";
        try {
            // What was logged before the rotation belongs into the old file.
            file.write(writing, length);
            if (untold > 0) {
                byte[] notice = ("posthorn: log: " + untold + " lines could not be written before this\n")
                        .getBytes(StandardCharsets.US_ASCII);
                file.write(notice, notice.length);
                untold = 0;
            }
        } catch (IOException | RuntimeException e) {
            failed = lines;
            complaint = "cannot write the log: " + e.getMessage();
        }
        try {
            if (reopening) {
                file.reopen();
            }
        } catch (IOException e) {
            complaint = "cannot reopen the log: " + e.getMessage();
        }
        if (!complaint.isEmpty() && untold == 0) {
            System.err.println("posthorn: " + complaint);
        }
        trouble = untold + failed > 0 && complaint.isEmpty() ? trouble : complaint;
        lock.lock();
        try {
            linesWritten += lines;
            lost += failed;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        return untold + failed;
    }

    /** Writes what is there, then ends. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            work.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(Duration.ofNanos(TimeUnit.SECONDS.toNanos(CLOSE_LIMIT.toSeconds())))) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        file.close();
    }
}
