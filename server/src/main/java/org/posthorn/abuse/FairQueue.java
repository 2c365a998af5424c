package org.posthorn.abuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few places for many who want one. Owners get places in the order of their waiting, one for each round, whatever the number of
 * requests that each of them has. Thread-safe.
 */
final class FairQueue {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int free;
    /** Who waits, by owner; the first is next. */
    @GuardedBy("lock")
    private final Map<String, Deque<CountDownLatch>> waiting = new LinkedHashMap<>();

    FairQueue(int places) {
        this.free = places;
    }

    /**
     * Takes a place.
     *
     * @return whether there was one in time
     */
    boolean take(String owner, Duration patience) throws InterruptedException {
        CountDownLatch given = new CountDownLatch(1);
        lock.lock();
        try {
            if (free > 0) {
                free--;
                return true;
            }
            waiting.computeIfAbsent(owner, name -> new ArrayDeque<>()).add(given);
        } finally {
            lock.unlock();
        }
        boolean inTime = false;
        try {
            inTime = given.await(patience.toNanos(), TimeUnit.NANOSECONDS);
            return inTime;
        } finally {
            if (!inTime) {
                forgo(owner, given);
            }
        }
    }

    private void forgo(String owner, CountDownLatch given) {
        lock.lock();
        try {
            Deque<CountDownLatch> queue = waiting.getOrDefault(owner, new ArrayDeque<>());
            boolean waited = queue.remove(given);
            if (queue.isEmpty()) {
                waiting.remove(owner);
            }
            if (!waited) {
                giveBack();
            }
        } finally {
            lock.unlock();
        }
    }

    /** To whom waits, or to nobody. */
    void giveBack() {
        lock.lock();
        try {
            Iterator<Map.Entry<String, Deque<CountDownLatch>>> first =
                    waiting.entrySet().iterator();
            if (!first.hasNext()) {
                free++;
                return;
            }
            Map.Entry<String, Deque<CountDownLatch>> next = first.next();
            String owner = next.getKey();
            Deque<CountDownLatch> queue = next.getValue();
            first.remove();
            CountDownLatch given = queue.remove();
            if (!queue.isEmpty()) {
                // behind all others
                waiting.put(owner, queue);
            }
            given.countDown();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.values().stream().mapToInt(Deque::size).sum();
        } finally {
            lock.unlock();
        }
    }
}
