package org.posthorn.fuzz;

import org.posthorn.queue.spool.SpoolRecordProbe;

/** Octets from a damaged log never do worse than be refused. */
public final class SpoolRecordFuzz {
    private SpoolRecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        SpoolRecordProbe.decode(input);
    }
}
