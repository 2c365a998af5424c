package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.ModifiedUtf7;

/** What decodes encodes to the same octets again: each name has one wire form. */
public final class ModifiedUtf7Fuzz {
    private ModifiedUtf7Fuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String wire = new String(input, StandardCharsets.ISO_8859_1);
        try {
            if (!ModifiedUtf7.encode(ModifiedUtf7.decode(wire)).equals(wire)) {
                throw new IllegalStateException("round trip differs");
            }
        } catch (ImapSyntaxException e) {
            // The session answers NO or BAD.
        }
    }
}
