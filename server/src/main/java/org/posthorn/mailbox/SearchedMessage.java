package org.posthorn.mailbox;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** A message as a search looks at it. The upper methods are cheap; the lower ones may open the message. */
interface SearchedMessage {
    long uid();

    Flags flags();

    /** Milliseconds since 1970. */
    long internalDate();

    /** Octets. */
    long size();

    /** The day of the Date field as written there, whatever its zone; empty when there is none that can be read. */
    Optional<LocalDate> sentDay() throws IOException;

    /** The values of a header field, unfolded and with encoded words decoded, in the order of the message. */
    List<String> header(String field) throws IOException;

    /** The addresses of a header field without comments and folding, such as {@code Fred Foobar <foobar@example.org>}. */
    List<String> addresses(String field) throws IOException;

    /** Whether the text of the body's text parts, decoded, has this in it. */
    boolean bodyContains(SearchText text) throws IOException;

    /** Whether the header has this in it, field names included. */
    boolean headerContains(SearchText text) throws IOException;
}
