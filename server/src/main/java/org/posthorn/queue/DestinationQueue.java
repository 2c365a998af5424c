package org.posthorn.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The deliveries to one destination and how it fares. Guarded by the lock of {@link Dispatcher}. */
final class DestinationQueue {
    final Destination destination;
    private final int concurrency;
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private int slots;
    private boolean queuedForSlot;
    private int failures;
    private long suspendedMillis;
    private long notBeforeMillis;
    private DeliveryOutcome.@Nullable Deferred lastFailure;

    DestinationQueue(Destination destination, int concurrency) {
        this.destination = destination;
        this.concurrency = concurrency;
    }

    void add(Delivery delivery) {
        waiting.add(delivery);
    }

    Optional<Delivery> take() {
        return Optional.ofNullable(waiting.poll());
    }

    List<Delivery> takeAll() {
        List<Delivery> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    boolean hasWork() {
        return !waiting.isEmpty();
    }

    /** Whether another agent should start: one only, until a destination that failed has answered again. */
    boolean wantsSlot() {
        return !waiting.isEmpty() && !queuedForSlot && slots < (failures > 0 ? 1 : concurrency);
    }

    void queuedForSlot(boolean queued) {
        queuedForSlot = queued;
    }

    void slotTaken() {
        slots++;
    }

    void slotFreed() {
        slots--;
    }

    /** Why nothing is tried now, while that is so. */
    Optional<DeliveryOutcome.Deferred> suspension(long nowMillis) {
        // Before it was suspended: the clock was set back since.
        return suspendedMillis <= nowMillis && nowMillis < notBeforeMillis
                ? Optional.ofNullable(lastFailure)
                : Optional.empty();
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    /** Counts a failure of the destination as a whole; how many in a row. */
    int failed(DeliveryOutcome.Deferred why) {
        lastFailure = why;
        failures++;
        return failures;
    }

    void suspend(long nowMillis, long untilMillis) {
        suspendedMillis = nowMillis;
        notBeforeMillis = untilMillis;
    }

    void answered() {
        failures = 0;
        notBeforeMillis = 0;
        lastFailure = null;
    }

    /** Nothing worth remembering. */
    boolean isIdle(long nowMillis, long memoryMillis) {
        return waiting.isEmpty()
                && slots == 0
                && !queuedForSlot
                && (failures == 0 || nowMillis - notBeforeMillis > memoryMillis);
    }
}
