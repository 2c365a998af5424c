package org.posthorn.client.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Opens {@link SevenBitWriter} to the fuzz target. */
public final class SevenBitConversion {
    private SevenBitConversion() {}

    /** Converts, writing so many octets at a time. */
    public static byte[] convert(byte[] message, int step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SevenBitWriter writer = new SevenBitWriter(out);
        for (int i = 0; i < message.length; i += step) {
            writer.write(message, i, Math.min(step, message.length - i));
        }
        writer.end();
        return out.toByteArray();
    }
}
