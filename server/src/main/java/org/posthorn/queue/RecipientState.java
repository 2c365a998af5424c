package org.posthorn.queue;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** How far one recipient of a message is, as the store keeps it. */
public sealed interface RecipientState {
    /** What has been tried. */
    Attempts attempts();

    /** The same after other attempts. */
    RecipientState with(Attempts attempts);

    /** Whether nothing is left to do. */
    default boolean isDone() {
        return !(this instanceof Waiting);
    }

    /**
     * To be tried, again or for the first time.
     *
     * @param nextMillis since 1970, not before then
     */
    record Waiting(Attempts attempts, long nextMillis) implements RecipientState {
        /** Nothing has been tried. */
        public static final Waiting UNTRIED = new Waiting(Attempts.NONE, 0);

        @Override
        public Waiting with(Attempts changed) {
            return new Waiting(changed, nextMillis);
        }
    }

    /** All that it led to has the message, or had another answer that was told. */
    record Delivered(Attempts attempts) implements RecipientState {
        @Override
        public Delivered with(Attempts changed) {
            return new Delivered(changed);
        }
    }

    /** It was returned: the sender has been told, or there is none to tell. */
    record Failed(Attempts attempts) implements RecipientState {
        @Override
        public Failed with(Attempts changed) {
            return new Failed(changed);
        }
    }

    /**
     * What has been tried for a recipient.
     *
     * @param count attempts that reached somebody who could be asked
     * @param last how the last delivery went
     * @param finished hops of an alias that need no further attempt
     * @param inMailbox whether mail was put into a mailbox here, which a checkpoint has yet to make durable
     */
    record Attempts(int count, Optional<DeliveryOutcome> last, Set<Router.Hop> finished, boolean inMailbox) {
        static final Attempts NONE = new Attempts(0, Optional.empty(), Set.of(), false);

        public Attempts {
            // In their order: records of equal states are equal octets.
            finished = finished.size() < 2
                    ? Set.copyOf(finished)
                    : Collections.unmodifiableSet(new LinkedHashSet<>(finished));
        }

        Attempts counted() {
            return new Attempts(count + 1, last, finished, inMailbox);
        }

        Attempts ended(DeliveryOutcome outcome) {
            return new Attempts(count, Optional.of(outcome), finished, inMailbox);
        }

        Attempts putIntoMailbox() {
            return new Attempts(count, last, finished, true);
        }

        Attempts finish(Collection<Router.Hop> more) {
            Set<Router.Hop> all = new LinkedHashSet<>(finished);
            all.addAll(more);
            return new Attempts(count, last, all, inMailbox);
        }
    }

    /** The same without deliveries into mailboxes here, which a power loss may have undone: to be tried at once. */
    default RecipientState distrustMailboxes() {
        Set<Router.Hop> remote = new LinkedHashSet<>(attempts().finished());
        remote.removeIf(hop -> hop.destination().isMailbox());
        return new Waiting(new Attempts(attempts().count(), attempts().last(), remote, false), 0);
    }
}
