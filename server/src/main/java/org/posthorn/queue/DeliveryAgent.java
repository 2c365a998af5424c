package org.posthorn.queue;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Address;

/** Delivers to one kind of destination. Thread-safe: runs on one virtual thread per busy destination slot. */
public interface DeliveryAgent {
    /**
     * Delivers the jobs of one destination, one after another over the same connection where there is one, until there are
     * no more (or it thinks it has used the connection long enough). A job taken but not settled for some recipient is
     * deferred.
     *
     * <p>When nobody can be reached the agent defers the job in hand with relay {@code none} and returns: the queue then
     * leaves the destination alone for a while, with everything that waits for it. It does so as well when an agent
     * returns with everything deferred though there was more to do.
     */
    void deliver(Destination destination, Jobs jobs);

    /** The due messages of one destination. */
    interface Jobs {
        /** The next, if one is due now. */
        Optional<Job> next();
    }

    /** One message for one destination. */
    interface Job {
        QueuedMessage message();

        /** The addresses to deliver to, at most 1,000; each must be settled once. */
        List<Address> recipients();

        /** A server is ready to take the message: the time until now went into finding it and connecting (the log's delays). */
        default void connected() {}

        void settle(Address recipient, DeliveryOutcome outcome);

        /** Whether a delivery to these recipients may have happened before: after a crash, or an attempt that failed. */
        default boolean mayBeRepeat() {
            return true;
        }
    }
}
