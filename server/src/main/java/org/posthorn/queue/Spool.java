package org.posthorn.queue;

import java.io.IOException;

/** Where messages enter the queue. Thread-safe. */
public interface Spool {
    /**
     * Starts a message. Nothing is kept of it until {@link Draft#commit}.
     *
     * @throws IOException no room on the disk, or the spool is closed
     */
    Draft begin() throws IOException;

    /** Is there room for a message of so many octets above {@code queue.reserve}? Cheap enough to ask for each message. */
    boolean hasRoomFor(long octets);
}
