package org.posthorn.queue;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What the queue counts, for whoever shows it. Thread-safe. */
public final class QueueMetrics {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder removed = new LongAdder();
    private final Outcomes local = new Outcomes();
    private final Outcomes remote = new Outcomes();
    private final LongAdder sessions = new LongAdder();
    private final LongSupplier active;
    private final LongSupplier destinations;
    private final QueueEntries entries;

    QueueMetrics(QueueEntries entries, LongSupplier active, LongSupplier destinations) {
        this.entries = entries;
        this.active = active;
        this.destinations = destinations;
    }

    /** Recipients by how their attempts ended. */
    public static final class Outcomes {
        private final LongAdder delivered = new LongAdder();
        private final LongAdder deferred = new LongAdder();
        private final LongAdder failed = new LongAdder();

        void count(DeliveryOutcome outcome) {
            switch (outcome) {
                case DeliveryOutcome.Delivered ignored -> delivered.increment();
                case DeliveryOutcome.Deferred ignored -> deferred.increment();
                case DeliveryOutcome.Failed ignored -> failed.increment();
            }
        }

        public long delivered() {
            return delivered.sum();
        }

        public long deferred() {
            return deferred.sum();
        }

        public long failed() {
            return failed.sum();
        }
    }

    /** Messages in the queue by state, at present; walks the queue. */
    public record Depth(long active, long deferred, long held) {}

    void accept() {
        accepted.increment();
    }

    void remove() {
        removed.increment();
    }

    void session() {
        sessions.increment();
    }

    Outcomes of(Destination destination) {
        return destination.isMailbox() ? local : remote;
    }

    public Depth depth() {
        long inDelivery = 0;
        long held = 0;
        long waiting = 0;
        for (QueueEntry entry : entries.all()) {
            synchronized (entry) {
                if (entry.held) {
                    held++;
                } else if (entry.isInDelivery()) {
                    inDelivery++;
                } else {
                    waiting++;
                }
            }
        }
        return new Depth(inDelivery, waiting, held);
    }

    /** Messages taken since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** Messages done with since the start. */
    public long removed() {
        return removed.sum();
    }

    public Outcomes local() {
        return local;
    }

    public Outcomes remote() {
        return remote;
    }

    /** Times that an agent was started for a destination. */
    public long sessions() {
        return sessions.sum();
    }

    /** Agents at work. */
    public long busy() {
        return active.getAsLong();
    }

    /** Destinations with work or in back-off. */
    public long destinations() {
        return destinations.getAsLong();
    }
}
