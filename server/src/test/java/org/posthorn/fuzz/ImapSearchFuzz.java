package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.RequestParser;

/** Search programs, with and without a charset. */
public final class ImapSearchFuzz {
    private ImapSearchFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            RequestParser.parse("a SEARCH " + new String(input, StandardCharsets.ISO_8859_1));
        } catch (ImapSyntaxException e) {
            // The session answers BAD.
        }
    }
}
