package org.posthorn.queue;

import java.io.Closeable;
import java.io.IOException;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;

/**
 * A message on its way into the spool. Memory is bounded whatever its size: beyond a threshold the bytes go to a file.
 * Closing it without a commit drops it. Used by one thread.
 */
public interface Draft extends Closeable {
    QueueId id();

    /** Appends to the message, which is in CRLF form. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Octets written so far. */
    long size();

    /** The bytes written so far, for a second look; valid until the draft is committed or closed. */
    MessageContent content() throws IOException;

    /**
     * Puts the message on stable storage and into the queue; deliveries may begin before this returns.
     *
     * @param envelope recipients in the order they were accepted, at least one
     * @param prefix what stands before the bytes written: the header, or fields to put before it; CRLF form
     * @throws IOException nothing was kept and nothing will be delivered
     */
    void commit(Envelope envelope, byte[] prefix) throws IOException;

    /** Drops the message unless it was committed. */
    @Override
    void close();
}
