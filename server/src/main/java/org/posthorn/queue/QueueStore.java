package org.posthorn.queue;

import java.util.Collection;
import java.util.function.Consumer;

/**
 * Where the queue's messages are kept. The scheduler alone talks to it; whoever has a message to send sees its {@link Spool}.
 * What a commit has returned for is there after any crash, with what was noted of it before, or so much of that as makes a delivery be
 * repeated and never be left out. Thread-safe.
 */
public interface QueueStore extends Spool {
    /** All messages that are not removed, with those of an earlier process; what comes and goes meanwhile may be seen or not. */
    Collection<StoredMessage> messages();

    /**
     * From now on each message that is committed goes there, on the thread that commits it, once it is durable: what fails there is
     * logged, and the message is tried at the next start. One only, the last.
     */
    void onArrival(Consumer<StoredMessage> consumer);
}
