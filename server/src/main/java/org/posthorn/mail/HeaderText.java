package org.posthorn.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Header bytes as text. */
public final class HeaderText {
    private HeaderText() {}

    /** The text that octets are, given one char for each: UTF-8 where they are that, else as they are. */
    public static String ofOctets(String octets) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        return text(bytes, 0, bytes.length);
    }

    /** Letters of ASCII in lower case, all other octets as they are. */
    public static String lower(String octets) {
        StringBuilder lower = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return lower.toString();
    }

    static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    /** Line ends removed, white space at both ends too; the white space of the folds stays (RFC 5322 2.2.3). */
    static String unfolded(byte[] bytes, int from, int to) {
        byte[] line = unfoldedBytes(bytes, from, to);
        return text(line, 0, line.length);
    }

    /** As {@link #unfolded}, one char for each octet. */
    static String unfoldedOctets(byte[] bytes, int from, int to) {
        return new String(unfoldedBytes(bytes, from, to), StandardCharsets.ISO_8859_1);
    }

    private static byte[] unfoldedBytes(byte[] bytes, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(bytes[start])) {
            start++;
        }
        while (end > start && isSpace(bytes[end - 1])) {
            end--;
        }
        if (LineEnds.indexOfLf(bytes, start, end) < 0) {
            return Arrays.copyOfRange(bytes, start, end);
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
        return Arrays.copyOf(line, length);
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
