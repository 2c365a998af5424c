package org.posthorn.protocol.dsn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.posthorn.mail.MessageContent;

/**
 * As much of the original as goes back: the whole where it is small, otherwise the header (RFC 3461 4.3 leaves the choice to
 * us), and no more of that than the limit either.
 *
 * @param whole whether this is all of the original
 * @param eightBit octets above 127 are in it
 */
record ReturnedMessage(MessageContent content, boolean whole, boolean eightBit) {
    static ReturnedMessage of(MessageContent original, int limit, boolean headerOnly) throws IOException {
        boolean whole = !headerOnly && original.size() <= limit;
        byte[] start;
        try (InputStream in = original.open(0, Math.min(original.size(), limit))) {
            start = in.readNBytes(limit);
        }
        byte[] bytes = whole ? start : header(start);
        boolean eightBit = false;
        for (byte octet : bytes) {
            eightBit |= octet < 0;
        }
        return new ReturnedMessage(MessageContent.of(bytes), whole, eightBit);
    }

    /** Up to the empty line; of a header that is cut, whole lines only. */
    private static byte[] header(byte[] start) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < start.length; i++) {
            if (start[i] == '\n') {
                int length = i + 1 - from;
                if (length <= 2) {
                    break;
                }
                header.write(start, from, length);
                from = i + 1;
            }
        }
        return header.toByteArray();
    }
}
