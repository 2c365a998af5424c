package org.posthorn.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Header bytes as text. */
final class HeaderText {
    private HeaderText() {}

    static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    /** Line ends removed, white space at both ends too; the white space of the folds stays (RFC 5322 2.2.3). */
    static String unfolded(byte[] bytes, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(bytes[start])) {
            start++;
        }
        while (end > start && isSpace(bytes[end - 1])) {
            end--;
        }
        if (LineEnds.indexOfLf(bytes, start, end) < 0) {
            return text(bytes, start, end);
        }
        byte[] line = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            byte c = bytes[i];
            boolean lineEnd = c == '\n' || (c == '\r' && i + 1 < end && bytes[i + 1] == '\n');
            if (!lineEnd) {
                line[length++] = c;
            }
        }
        return text(line, 0, length);
    }

    /** UTF-8 where it is that (RFC 6532), else ISO 8859-1, so that no byte is lost. */
    static String text(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return utf8OrLatin1(bytes, from, to);
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static String utf8OrLatin1(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
