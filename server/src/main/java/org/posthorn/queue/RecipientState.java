package org.posthorn.queue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Address;

/** How far one recipient of a message is. Guarded by its {@link QueueEntry}. */
final class RecipientState {
    final int index;
    final Address address;
    boolean done;
    boolean local;
    int attempts;
    long nextMillis;

    /** Hops of an alias that need no further attempt. */
    Set<Router.Hop> finished = Set.of();

    private @Nullable DeliveryOutcome last;

    /** Deliveries of the present attempt that are not settled; while there are any, no other attempt begins. */
    int outstanding;

    /** Where it waits for another attempt, if it was deferred since the start. */
    @Nullable
    Destination waitingFor;

    /** What deferred it in the present attempt, if anything did. */
    private DeliveryOutcome.@Nullable Deferred deferral;

    /** Whether the present attempt reached anybody who could be asked. */
    boolean tried;

    RecipientState(int index, Address address) {
        this.index = index;
        this.address = address;
    }

    Optional<DeliveryOutcome> last() {
        return Optional.ofNullable(last);
    }

    void last(DeliveryOutcome outcome) {
        last = outcome;
    }

    Optional<DeliveryOutcome.Deferred> deferral() {
        return Optional.ofNullable(deferral);
    }

    void deferBy(DeliveryOutcome.Deferred outcome) {
        deferral = outcome;
    }

    boolean isDue(long nowMillis, RetrySchedule schedule) {
        return !done && outstanding == 0 && schedule.due(nextMillis, nowMillis) <= nowMillis;
    }

    /** Begins an attempt: one delivery is outstanding, the routing itself. */
    void beginAttempt() {
        outstanding = 1;
        deferral = null;
        tried = false;
    }

    void finish(Router.Hop hop) {
        if (finished.isEmpty()) {
            finished = new LinkedHashSet<>();
        }
        finished.add(hop);
    }

    SpoolRecord.Step step() {
        return new SpoolRecord.Step(index, done, local, attempts, nextMillis, last(), List.copyOf(finished));
    }

    void restore(SpoolRecord.Step step) {
        done = step.done();
        local = step.local();
        attempts = step.attempts();
        nextMillis = step.nextMillis();
        last = step.last().orElse(null);
        finished = step.finished().isEmpty() ? Set.of() : new LinkedHashSet<>(step.finished());
    }

    /** Forgets mailbox deliveries that a power loss may have undone. */
    void distrustLocal() {
        done = false;
        local = false;
        nextMillis = 0;
        Set<Router.Hop> remote = new LinkedHashSet<>(finished);
        remote.removeIf(hop -> hop.destination().kind() == Destination.Kind.LOCAL);
        finished = remote;
    }
}
