package org.posthorn.queue;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;

/** One recipient in the scheduler's hands: its state, and what the present attempt has come to. Guarded by its {@link QueueEntry}. */
final class RecipientProgress {
    final int index;
    final Envelope.Recipient recipient;
    private RecipientState state;

    /** Hops that have ended since the state was last asked for: an alias of thousands is not copied for each. */
    private Set<Router.Hop> ended = Set.of();

    /** Deliveries of the present attempt that are not settled; while there are any, no other attempt begins. */
    int outstanding;

    /** Where it waits for another attempt, if it was deferred since the start. */
    @Nullable
    Destination waitingFor;

    /** What deferred it in the present attempt, if anything did. */
    private DeliveryOutcome.@Nullable Deferred deferral;

    /** Whether the present attempt reached anybody who could be asked. */
    boolean tried;

    RecipientProgress(int index, Envelope.Recipient recipient, RecipientState state) {
        this.index = index;
        this.recipient = recipient;
        this.state = state;
    }

    Address address() {
        return recipient.address();
    }

    boolean isDone() {
        return state.isDone();
    }

    /** When it is to be tried; milliseconds since 1970, and never once it is done. */
    long nextMillis() {
        return state instanceof RecipientState.Waiting waiting ? waiting.nextMillis() : Long.MAX_VALUE;
    }

    void tryAt(long millis) {
        state = new RecipientState.Waiting(state.attempts(), millis);
    }

    /** Attempts that reached somebody. */
    int attempts() {
        return state.attempts().count();
    }

    Optional<DeliveryOutcome> last() {
        return state.attempts().last();
    }

    void last(DeliveryOutcome outcome) {
        state = state.with(state.attempts().ended(outcome));
    }

    void putIntoMailbox() {
        state = state.with(state.attempts().putIntoMailbox());
    }

    Optional<DeliveryOutcome.Deferred> deferral() {
        return Optional.ofNullable(deferral);
    }

    void deferBy(DeliveryOutcome.Deferred outcome) {
        deferral = outcome;
    }

    boolean isDue(long nowMillis, RetrySchedule schedule) {
        return !isDone() && outstanding == 0 && schedule.due(nextMillis(), nowMillis) <= nowMillis;
    }

    /** Begins an attempt: one delivery is outstanding, the routing itself. */
    void beginAttempt() {
        outstanding = 1;
        deferral = null;
        tried = false;
    }

    /** The attempt is over and comes to another, then. */
    void again(long nextMillis) {
        state = new RecipientState.Waiting(state.attempts().counted(), nextMillis);
    }

    /** The attempt is over and was the last. */
    void done() {
        boolean failed = last().filter(DeliveryOutcome.Failed.class::isInstance).isPresent();
        state = failed ? new RecipientState.Failed(state.attempts()) : new RecipientState.Delivered(state.attempts());
    }

    void finish(Router.Hop hop) {
        if (ended.isEmpty()) {
            ended = new LinkedHashSet<>();
        }
        ended.add(hop);
    }

    boolean hasFinished() {
        return !ended.isEmpty() || !state.attempts().finished().isEmpty();
    }

    boolean hasFinished(Router.Hop hop) {
        return ended.contains(hop) || state.attempts().finished().contains(hop);
    }

    /** As the store is to keep it. */
    RecipientState state() {
        if (!ended.isEmpty()) {
            state = state.with(state.attempts().finish(ended));
            ended = Set.of();
        }
        return state;
    }
}
