package org.posthorn.queue.spool;

import java.util.Map;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;

/** What the spool's log says. {@link SpoolCodec} has the octets. */
sealed interface SpoolRecord {
    /** Types of records in the log. */
    int MESSAGE = 1;

    /** States as version 1 had them: read, and no longer written. */
    int PROGRESS = 2;

    int REMOVED = 3;
    int HELD = 4;
    int WARNED = 5;
    int CHECKPOINT = 6;
    int STATES = 7;

    /**
     * A message came, or was written again to let its old segment go.
     *
     * @param arrivedMillis since 1970
     * @param place where its content is
     */
    record Arrival(QueueId id, long arrivedMillis, Envelope envelope, Place place) implements SpoolRecord {}

    /**
     * Where content is.
     *
     * @param offset octets before the prefix in the record
     * @param prefix octets of the prefix, in the record
     * @param body octets of the body, behind the prefix or in a file
     */
    record Place(boolean inFile, int offset, int prefix, long body) {
        long size() {
            return prefix + body;
        }
    }

    /**
     * How far some recipients of a message are.
     *
     * @param states by the recipient's index in the envelope
     */
    record States(QueueId id, Map<Integer, RecipientState> states) implements SpoolRecord {}

    /** The message needs no more attention. */
    record Removed(QueueId id, boolean local) implements SpoolRecord {}

    record Held(QueueId id, boolean held) implements SpoolRecord {}

    /** The sender was told that it takes longer. */
    record Warned(QueueId id) implements SpoolRecord {}

    /** Local deliveries recorded before the beginning of a checkpoint are durable once its end is there. */
    record Checkpoint(long number, boolean end) implements SpoolRecord {}
}
