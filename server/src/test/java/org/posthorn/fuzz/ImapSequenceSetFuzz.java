package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.SequenceSet;

/** Sets parse or are refused, and what resolves is ascending and apart. */
public final class ImapSequenceSetFuzz {
    private ImapSequenceSetFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            SequenceSet set = SequenceSet.parse(new String(input, StandardCharsets.ISO_8859_1));
            for (long largest : new long[] {0, 1, 1000, 0xffff_ffffL}) {
                check(set, set.resolve(largest), largest);
            }
        } catch (ImapSyntaxException e) {
            // The session answers BAD.
        }
    }

    private static void check(SequenceSet set, List<SequenceSet.Range> ranges, long largest) {
        long before = -1;
        for (SequenceSet.Range range : ranges) {
            if ((before >= 0 && range.first() <= before + 1) || range.last() < range.first()) {
                throw new IllegalStateException("ranges overlap or touch");
            }
            if (!set.contains(range.first(), largest) || !set.contains(range.last(), largest)) {
                throw new IllegalStateException("resolve and contains differ");
            }
            before = range.last();
        }
    }
}
