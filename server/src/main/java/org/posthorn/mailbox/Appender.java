package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;

/** A message on its way into a mailbox, from APPEND; memory is bounded whatever its size. Closing it without a commit drops it. */
public interface Appender extends Closeable {
    /** The next bytes, as the client sent them; line ends are put into CRLF form. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Where the message went. */
    record Placed(long uidValidity, long uid) {}

    /** Makes the message durable and visible. */
    Placed commit() throws IOException, MailboxException;

    @Override
    void close();
}
