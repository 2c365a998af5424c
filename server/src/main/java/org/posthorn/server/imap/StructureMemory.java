package org.posthorn.server.imap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.OverBudgetException;

/**
 * The memory that all sessions of the process together may take for structures and headers of messages, from their reading until
 * they have been sent. What is small is not counted. An account gets a half of it at most, so that others can go on when the
 * sessions of one do not read. Thread-safe.
 */
final class StructureMemory {
    /** What is not counted, octets: every session may hold that much. */
    static final int SMALL = 16 * 1024;
    /** The most that one message takes, octets. */
    static final int MOST = 4 * 1024 * 1024;

    /** An eighth of the heap, between 16 and 128 MiB. */
    static final StructureMemory OF_PROCESS =
            new StructureMemory(Math.clamp(Runtime.getRuntime().maxMemory() / 8, 16L << 20, 128L << 20), 10_000);

    private final long total;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition given = lock.newCondition();

    @GuardedBy("lock")
    private final Map<String, Long> held = new HashMap<>();

    @GuardedBy("lock")
    private long used;

    /**
     * @param total octets for all; at least twice {@link #MOST}
     * @param patienceMillis how long a session waits for its share
     */
    StructureMemory(long total, long patienceMillis) {
        if (total < 2 * MOST) {
            throw new IllegalArgumentException("not even two structures would fit");
        }
        this.total = total;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** What a session holds. */
    final class Share implements AutoCloseable {
        private final String account;
        private long octets;

        private Share(String account, long octets) {
            this.account = account;
            this.octets = octets;
        }

        /** Gives back what turned out not to be needed. */
        void shrinkTo(long needed) {
            long kept = needed <= SMALL ? 0 : Math.min(needed, octets);
            if (kept < octets) {
                giveBack(account, octets - kept);
                octets = kept;
            }
        }

        @Override
        public void close() {
            shrinkTo(0);
        }
    }

    /**
     * Takes a share, and waits for it when there is none.
     *
     * @param octets what is needed at most; counted up to {@link #MOST}
     * @param turn given up before a wait
     * @throws OverBudgetException when the wait was too long
     */
    Share take(String account, long octets, CpuTurn turn) {
        if (octets <= SMALL) {
            return new Share(account, 0);
        }
        long wanted = Math.min(octets, MOST);
        lock.lock();
        try {
            long left = patienceNanos;
            if (isShort(account, wanted)) {
                // whoever has the memory may need the processor to give it back
                turn.rest();
            }
            while (isShort(account, wanted)) {
                if (left <= 0) {
                    throw busy();
                }
                left = given.awaitNanos(left);
            }
            used += wanted;
            held.merge(account, wanted, Long::sum);
            return new Share(account, wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean isShort(String account, long wanted) {
        return used + wanted > total || held.getOrDefault(account, 0L) + wanted > total / 2;
    }

    private static OverBudgetException busy() {
        return new OverBudgetException("Too many large messages are being read at once; try again later");
    }

    private void giveBack(String account, long octets) {
        lock.lock();
        try {
            used -= octets;
            held.computeIfPresent(account, (name, all) -> all == octets ? null : Long.valueOf(all - octets));
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Octets taken at present. */
    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
