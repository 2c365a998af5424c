package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.posthorn.log.MailLog;

/**
 * Removes directories that were moved aside, one after another, on a thread that is there as long as there is something to do. What
 * cannot be removed is told and tried again; what a stop leaves over is found again at the next start, by its name. Thread-safe.
 */
final class TreeRemover implements AutoCloseable {
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** How a directory is removed. */
    interface Way {
        /**
         * Removes it with all in it.
         *
         * @param stop asked before each file: leaves the rest where it is
         */
        void delete(Path root, BooleanSupplier stop) throws IOException;
    }

    private final MailLog log;
    private final Way way;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<Path> waiting = new ArrayDeque<>();

    /** Why, and when it was last tried. */
    private record Failure(String reason, long nanos) {}

    @GuardedBy("lock")
    private final Map<Path, Failure> failed = new TreeMap<>();

    @GuardedBy("lock")
    private @Nullable Thread thread;

    private volatile boolean closed;

    TreeRemover(MailLog log) {
        this(log, Trees::delete);
    }

    TreeRemover(MailLog log, Way way) {
        this.log = log;
        this.way = way;
    }

    /** Removes a directory some time soon. */
    void remove(Path doomed) {
        lock.lock();
        try {
            if (!closed) {
                waiting.add(doomed);
                if (thread == null) {
                    thread =
                            Thread.ofPlatform().daemon().name("mailbox-removal").start(this::run);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Optional<Path> next = next(); next.isPresent(); next = next()) {
            Path doomed = next.get();
            try {
                way.delete(doomed, () -> closed);
                done(doomed);
            } catch (IOException | RuntimeException | Error e) {
                log.failure(MailLog.Level.WARNING, "mailbox", "", "not-removed", e, "directory", doomed);
                failed(doomed, e);
            }
        }
    }

    private Optional<Path> next() {
        lock.lock();
        try {
            if (closed || waiting.isEmpty()) {
                thread = null;
                return Optional.empty();
            }
            return Optional.of(waiting.remove());
        } finally {
            lock.unlock();
        }
    }

    private void done(Path doomed) {
        lock.lock();
        try {
            failed.remove(doomed);
        } finally {
            lock.unlock();
        }
    }

    private void failed(Path doomed, Throwable cause) {
        lock.lock();
        try {
            failed.put(doomed, new Failure(String.valueOf(cause), System.nanoTime()));
        } finally {
            lock.unlock();
        }
    }

    /** Tries again what could not be removed ten minutes ago; cheap where there is nothing. */
    void retry() {
        List<Path> due;
        lock.lock();
        try {
            long now = System.nanoTime();
            List<Path> again = List.copyOf(waiting);
            due = failed.entrySet().stream()
                    .filter(each -> now - each.getValue().nanos() >= RETRY_NANOS && !again.contains(each.getKey()))
                    .map(Map.Entry::getKey)
                    .toList();
        } finally {
            lock.unlock();
        }
        due.forEach(this::remove);
    }

    /** A line on what of deleted mail is still there and cannot be removed; none where all is well. */
    List<String> faults() {
        lock.lock();
        try {
            if (failed.isEmpty()) {
                return List.of();
            }
            Map.Entry<Path, Failure> one = failed.entrySet().iterator().next();
            return List.of("deleted mail cannot be removed from the disk: " + failed.size()
                    + (failed.size() == 1 ? " directory, " : " directories, the first ") + one.getKey() + ": "
                    + one.getValue().reason());
        } finally {
            lock.unlock();
        }
    }

    /** Stops in the middle of it. */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
