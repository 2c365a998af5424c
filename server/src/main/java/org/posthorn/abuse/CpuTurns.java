package org.posthorn.abuse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shares the processors among accounts for work that is not I/O. Virtual threads are not time-sliced: who computes keeps a carrier
 * thread until it is done. So work takes a turn, of which there are as many at once as processors, and gives it up after a slice
 * when others wait; accounts take turns in the order of their waiting, whatever the number of their sessions. There are more carrier
 * threads than turns (see {@link #CARRIERS}), so that greetings and short commands always find one. Thread-safe.
 */
public final class CpuTurns {
    /** How many carrier threads the scheduler of virtual threads is to have: those of the turns, of password checks, and two. */
    public static final int CARRIERS = Runtime.getRuntime().availableProcessors() + 4;

    /** How long a turn is, and work that is done before it takes no turn at all. */
    private static final Duration SLICE = Duration.ofMillis(10);

    private static final Duration GRACE = Duration.ofMillis(2);

    /** The processors of this process are shared by all that it does. */
    public static final CpuTurns OF_PROCESS = new CpuTurns(Runtime.getRuntime().availableProcessors(), SLICE, GRACE);

    private final long sliceNanos;
    private final long graceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private int free;
    /** Who waits, by account; the first is next. */
    private final Map<String, Deque<CountDownLatch>> waiting = new LinkedHashMap<>();

    /**
     * @param places turns at once
     * @param slice how long a turn is while others wait
     * @param grace work as short as that takes no turn
     */
    CpuTurns(int places, Duration slice, Duration grace) {
        this.free = places;
        this.sliceNanos = slice.toNanos();
        this.graceNanos = grace.toNanos();
    }

    /**
     * Work begins. It calls {@link CpuTurn#pause} again and again, and closes its turn at the end.
     *
     * @param owner among whom turns are shared: an account, or a client's address
     * @param budget how much time the work may take, turns only
     * @param between called between two slices without a turn; may throw to end the work
     */
    public CpuTurn begin(String owner, Duration budget, Runnable between) {
        return new CpuTurn(this, owner, budget.toNanos(), between);
    }

    long sliceNanos() {
        return sliceNanos;
    }

    long graceNanos() {
        return graceNanos;
    }

    void take(String owner) throws InterruptedException {
        CountDownLatch given = new CountDownLatch(1);
        lock.lock();
        try {
            if (free > 0) {
                free--;
                return;
            }
            waiting.computeIfAbsent(owner, name -> new ArrayDeque<>()).add(given);
        } finally {
            lock.unlock();
        }
        try {
            given.await();
        } catch (InterruptedException e) {
            forgo(owner, given);
            throw e;
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

    /** How many wait for a turn. */
    int waiting() {
        lock.lock();
        try {
            return waiting.values().stream().mapToInt(Deque::size).sum();
        } finally {
            lock.unlock();
        }
    }
}
