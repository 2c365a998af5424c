package org.posthorn.protocol.dsn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.posthorn.mail.MessageContent;

/**
 * As much of the original as goes back: the whole where it is small, otherwise the header (RFC 3461 4.3 leaves the choice to
 * us), and no more of that than the limit either.
 *
 * @param whole whether this is all of the original
 * @param eightBit octets above 127 are in it
 * @param utf8Header its header has letters beyond ASCII, in UTF-8 as RFC 6532 has it
 */
record ReturnedMessage(MessageContent content, boolean whole, boolean eightBit, boolean utf8Header) {
    static ReturnedMessage of(MessageContent original, int limit, boolean headerOnly) throws IOException {
        byte[] start;
        try (InputStream in = original.open(0, Math.min(original.size(), limit))) {
            start = in.readNBytes(limit);
        }
        byte[] header = header(start);
        boolean utf8 = isEightBit(header) && isUtf8(header);
        // A header of other eight-bit text has no place in message/rfc822, and nobody may encode that type (RFC 2046
        // 5.2.1).
        boolean whole = !headerOnly && original.size() <= limit && (utf8 || !isEightBit(header));
        byte[] bytes = whole ? start : header;
        return new ReturnedMessage(MessageContent.of(bytes), whole, isEightBit(bytes), utf8);
    }

    private static boolean isEightBit(byte[] bytes) {
        boolean eightBit = false;
        for (byte octet : bytes) {
            eightBit |= octet < 0;
        }
        return eightBit;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Up to the empty line; of a header that is cut, whole lines only. */
    private static byte[] header(byte[] start) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < start.length; i++) {
            if (start[i] == '\n') {
                if (i == from || (i == from + 1 && start[from] == '\r')) {
                    break;
                }
                header.write(start, from, i + 1 - from);
                from = i + 1;
            }
        }
        return header.toByteArray();
    }
}
