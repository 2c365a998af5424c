package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.dkim.DkimSyntaxException;
import org.posthorn.protocol.dkim.KeyRecord;

/** TXT records of any content: a key record or a {@link DkimSyntaxException}; its key answers every signature. */
public final class DkimKeyRecordFuzz {
    private DkimKeyRecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            KeyRecord record = KeyRecord.parse(new String(input, StandardCharsets.ISO_8859_1));
            if (record.key().isPresent() && record.key().get().verifies(input, input)) {
                throw new AssertionError("the input is a signature of itself");
            }
        } catch (DkimSyntaxException e) {
            // What a record that is not one gives.
        }
    }
}
