package org.posthorn.queue;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.Envelope;

/**
 * A message in the {@link QueueStore}, and how far it is by what the store was told. Notes are kept in the order in which they
 * were made, and soon rather than at once: a crash may lose the last ones, never what came before one that is kept. Thread-safe.
 */
public interface StoredMessage {
    QueueId id();

    /** Since 1970. */
    long arrivedMillis();

    Envelope envelope();

    /** Octets, with the prefix. */
    long size();

    /** Left by an earlier process: deliveries may have happened that nothing tells of. */
    boolean isRecovered();

    /** How far a recipient is, by its place in the envelope. */
    RecipientState state(int recipient);

    boolean isHeld();

    /** Whether the sender was told that it takes longer. */
    boolean isWarned();

    /** The message for reading, until {@link #leave}; nothing when it is removed. */
    Optional<QueuedMessage> use();

    void leave();

    /**
     * Notes how far some recipients are.
     *
     * @throws IOException the store is closed, and nothing more is kept
     */
    void keepStates(Map<Integer, RecipientState> states) throws IOException;

    /** As {@link #keepStates} of an administrator's hold. */
    void keepHeld(boolean held) throws IOException;

    /** As {@link #keepStates}: the sender was told that it takes longer. */
    void keepWarned() throws IOException;

    /**
     * Forgets a message of which nothing is left to do; its content goes when nobody reads it.
     *
     * @param inMailbox some of it was put into a mailbox here since the last note: only a checkpoint makes it be forgotten for good
     */
    void remove(boolean inMailbox) throws IOException;

    /** It will lie for a while: its content need not be in memory. */
    void dropFromMemory();
}
