package org.posthorn.abuse;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.posthorn.mail.Network;

/**
 * Shares the processors among accounts for work that is not I/O. Virtual threads are not time-sliced: who computes keeps a carrier
 * thread until it is done. So work takes a turn, of which there are as many at once as processors, and gives it up after a slice
 * when others wait; accounts take turns in the order of their waiting, whatever the number of their sessions. Each turn that is taken
 * brings a carrier thread (see {@link Carriers}), so that greetings and short commands always find one. Thread-safe.
 */
public final class CpuTurns {
    /** How long a turn is, and work that is done before it takes no turn at all. */
    private static final Duration SLICE = Duration.ofMillis(10);

    private static final Duration GRACE = Duration.ofMillis(2);

    private static final Duration WHATEVER_IT_TAKES = Duration.ofDays(1);

    /** The processors of this process are shared by all that it does. */
    public static final CpuTurns OF_PROCESS =
            new CpuTurns(Runtime.getRuntime().availableProcessors(), SLICE, GRACE, Carriers::ofProcess);

    private final long sliceNanos;
    private final long graceNanos;
    private final FairQueue queue;
    private final Supplier<Carriers> carriers;
    private final LongAdder taken = new LongAdder();

    /**
     * @param places turns at once
     * @param slice how long a turn is while others wait
     * @param grace work as short as that takes no turn
     * @param carriers asked for when a turn is taken
     */
    CpuTurns(int places, Duration slice, Duration grace, Supplier<Carriers> carriers) {
        this.carriers = carriers;
        this.queue = new FairQueue(places);
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

    /** Work begins that a client gives us, and that is bounded by itself. */
    public CpuTurn begin(InetAddress client) {
        return begin(Network.ofClient(client).toString(), WHATEVER_IT_TAKES, () -> {});
    }

    long sliceNanos() {
        return sliceNanos;
    }

    long graceNanos() {
        return graceNanos;
    }

    void take(String owner) throws InterruptedException {
        queue.take(owner, WHATEVER_IT_TAKES);
        taken.increment();
        carriers.get().oneMore();
    }

    /** To whom waits, or to nobody. */
    void giveBack() {
        carriers.get().oneLess();
        queue.giveBack();
    }

    /** How many turns were taken so far. */
    public long taken() {
        return taken.sum();
    }

    /** How many wait for a turn. */
    public int waiting() {
        return queue.waiting();
    }
}
