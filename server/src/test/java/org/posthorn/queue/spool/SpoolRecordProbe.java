package org.posthorn.queue.spool;

import java.nio.ByteBuffer;

/** Lets the fuzz target in its own package reach the decoder. */
public final class SpoolRecordProbe {
    private SpoolRecordProbe() {}

    /** The first octet is the type; what decodes decodes to the same value again. */
    public static void decode(byte[] input) {
        if (input.length == 0) {
            return;
        }
        try {
            SpoolRecord record = decode(input[0] & 0x0F, input);
            if (!record.equals(decode(input[0] & 0x0F, input))) {
                throw new IllegalStateException("decoding is not stable");
            }
            if (record instanceof SpoolRecord.States states) {
                byte[] again = SpoolCodec.states(states.id(), states.states());
                if (!decode(SpoolRecord.STATES, again, 0).equals(states)) {
                    throw new IllegalStateException("round trip differs");
                }
            }
        } catch (SpoolFormatException e) {
            // Recovery reports it and goes on.
        }
    }

    private static SpoolRecord decode(int type, byte[] input) {
        return decode(type, input, 1);
    }

    private static SpoolRecord decode(int type, byte[] input, int from) {
        return new SpoolCodec()
                .decode(type, ByteBuffer.wrap(input, from, input.length - from).slice());
    }
}
