package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.mail.Headers;
import org.posthorn.mail.mime.IndexedFields;

/**
 * The {@link IndexedFields} of a mailbox's messages, for who asks for many of them in ascending order of their UIDs. Used by one
 * thread.
 */
public interface HeaderSource {
    /** Knows nothing. */
    HeaderSource NONE = uid -> Optional.empty();

    /** A header of those fields alone; empty when the message must be read. */
    Optional<Headers> find(long uid) throws IOException;

    /**
     * The message of the last {@link #find} was read: keeps what it found.
     *
     * @param whole whether the header is here to its end
     */
    default void found(long uid, Headers headers, boolean whole) throws IOException {}
}
