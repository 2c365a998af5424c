package org.posthorn.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Wakes messages when they are due: one virtual thread, one heap. Thread-safe. */
final class RetryTimer {
    /** The clock is looked at anew after this time, since it may have been set. */
    private static final long LONGEST_SLEEP = Duration.ofSeconds(30).toMillis();

    /** A clock that goes back further than this has been set back: who knows how long all that wait would wait. */
    private static final long SET_BACK = Duration.ofMinutes(1).toMillis();

    private record Wake(long atMillis, QueueEntry entry) {}

    private final InstantSource clock;
    private final Consumer<QueueEntry> awake;
    private final BiConsumer<QueueEntry, Throwable> failed;
    private final Thread thread = Thread.ofVirtual().name("queue-timer").unstarted(this::run);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparingLong(Wake::atMillis));

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private long looked = Long.MIN_VALUE / 2;

    /** @param failed hears of a message that could not be woken; the others are all the same */
    RetryTimer(InstantSource clock, Consumer<QueueEntry> awake, BiConsumer<QueueEntry, Throwable> failed) {
        this.clock = clock;
        this.awake = awake;
        this.failed = failed;
    }

    void start() {
        thread.start();
    }

    /** False where the thread has ended though nobody closed the queue. */
    boolean alive() {
        lock.lock();
        try {
            return closed || thread.getState() == Thread.State.NEW || thread.isAlive();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes a message at a time; an earlier call for it no longer counts unless it comes first. */
    void at(long millis, QueueEntry entry) {
        lock.lock();
        try {
            if (entry.wakeMillis > clock.millis() && entry.wakeMillis <= millis) {
                return;
            }
            entry.wakeMillis = millis;
            wakes.add(new Wake(millis, entry));
            if (wakes.element().atMillis() == millis) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the clock now. */
    void poke() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<QueueEntry> due = new ArrayList<>();
        while (waitForDue(due)) {
            due.forEach(this::wake);
            due.clear();
        }
    }

    private void wake(QueueEntry entry) {
        try {
            awake.accept(entry);
        } catch (RuntimeException | Error e) {
            failed.accept(entry, e);
        }
    }

    private boolean waitForDue(List<QueueEntry> due) {
        lock.lock();
        try {
            while (!closed) {
                long now = clock.millis();
                boolean setBack = now < looked - SET_BACK;
                looked = now;
                while (!wakes.isEmpty() && (setBack || (wakes.element().atMillis() <= now && due.size() < 1000))) {
                    Wake wake = wakes.remove();
                    if (wake.entry().wakeMillis == wake.atMillis()) {
                        wake.entry().wakeMillis = 0;
                        due.add(wake.entry());
                    }
                }
                if (!due.isEmpty()) {
                    return true;
                }
                long sleep = wakes.isEmpty()
                        ? LONGEST_SLEEP
                        : Math.min(LONGEST_SLEEP, wakes.element().atMillis() - now);
                // Whatever ends the wait, the loop looks again.
                boolean ignored = changed.await(sleep, TimeUnit.MILLISECONDS);
            }
            return false;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }
}
