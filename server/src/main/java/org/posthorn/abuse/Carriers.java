package org.posthorn.abuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * The carrier threads of the process: as many as processors, as the JDK has it, and one more for each turn that is taken. So work that
 * does not wait for anything leaves as many carriers as there are processors to all others, and while there is no such work there
 * are not more threads than processors, which would only wake each other. Thread-safe.
 */
final class Carriers {
    private final int least;
    private final IntConsumer scheduler;

    @GuardedBy("this")
    private int taken;

    /**
     * @param least carriers while no turn is taken
     * @param scheduler told how many there shall be
     */
    Carriers(int least, IntConsumer scheduler) {
        this.least = least;
        this.scheduler = scheduler;
    }

    /** Looked up when the first turn is taken, since it costs a start some milliseconds. */
    private static final class OfProcess {
        private static final VirtualThreadSchedulerMXBean SCHEDULER =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        private static final Carriers INSTANCE = new Carriers(SCHEDULER.getParallelism(), SCHEDULER::setParallelism);
    }

    static Carriers ofProcess() {
        return OfProcess.INSTANCE;
    }

    /** A turn is taken: its carrier is gone for as long as that takes. */
    synchronized void oneMore() {
        taken++;
        scheduler.accept(least + taken);
        // A thread that waits for a carrier already has the new one look for work.
        var _ = Thread.startVirtualThread(() -> {});
    }

    /** A turn is given back. */
    synchronized void oneLess() {
        taken--;
        scheduler.accept(least + taken);
    }
}
