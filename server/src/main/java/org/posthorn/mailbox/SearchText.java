package org.posthorn.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/**
 * What a search looks for in texts: substrings, without regard to case (RFC 3501 6.4.4). Looks at each octet or character once,
 * and takes steps in proportion to the text, whatever is looked for (Knuth, Morris and Pratt 1977). Immutable.
 */
final class SearchText {
    private static final int CHUNK = 8 * 1024;

    private final char[] wanted;
    /** For each length of a match that does not go on: the length of the next shorter one that ends at the same place. */
    private final int[] shorter;

    private final boolean ascii;

    SearchText(String text) {
        this.wanted = fold(text).toCharArray();
        this.shorter = new int[wanted.length + 1];
        boolean plain = true;
        for (char c : wanted) {
            plain &= c < 0x80;
        }
        this.ascii = plain;
        int length = 0;
        for (int i = 1; i < wanted.length; i++) {
            while (length > 0 && wanted[i] != wanted[length]) {
                length = shorter[length];
            }
            if (wanted[i] == wanted[length]) {
                length++;
            }
            shorter[i + 1] = length;
        }
    }

    /** Whether nothing is looked for, which is found everywhere. */
    boolean isEmpty() {
        return wanted.length == 0;
    }

    /** Whether it can be looked for in undecoded octets, by {@link #isIn(InputStream)}. */
    boolean isAscii() {
        return ascii;
    }

    boolean isIn(String text) {
        int matched = 0;
        for (int i = 0; i < text.length() && matched < wanted.length; i++) {
            matched = next(matched, fold(text.charAt(i)));
        }
        return matched == wanted.length;
    }

    /** Looks in all octets that a stream gives, which are ASCII or a superset of it. Only when {@link #isAscii}. */
    boolean isIn(InputStream in) throws IOException {
        if (isEmpty()) {
            return true;
        }
        byte[] chunk = new byte[CHUNK];
        int matched = 0;
        for (int n = in.read(chunk, 0, CHUNK); n >= 0; n = in.read(chunk, 0, CHUNK)) {
            matched = search(chunk, n, matched);
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }

    /** Goes on with a match of some length; the length of the one at the end, or of all that is wanted. */
    private int search(byte[] chunk, int count, int before) {
        int matched = before;
        byte lower = (byte) wanted[0];
        byte upper = (byte) Character.toUpperCase(wanted[0]);
        for (int i = 0; i < count; i++) {
            byte b = chunk[i];
            // most octets begin nothing
            if (matched != 0 || b == lower || b == upper) {
                matched = next(matched, lower((char) (b & 0xff)));
                if (matched == wanted.length) {
                    return matched;
                }
            }
        }
        return matched;
    }

    /** Looks in decoded text. */
    boolean isIn(Reader in) throws IOException {
        if (isEmpty()) {
            return true;
        }
        char[] chunk = new char[CHUNK];
        int matched = 0;
        for (int n = in.read(chunk, 0, CHUNK); n >= 0; n = in.read(chunk, 0, CHUNK)) {
            for (int i = 0; i < n; i++) {
                matched = next(matched, fold(chunk[i]));
                if (matched == wanted.length) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How long the match is with one character more. */
    private int next(int matched, char c) {
        int length = matched;
        while (length > 0 && wanted[length] != c) {
            length = shorter[length];
        }
        return wanted[length] == c ? length + 1 : 0;
    }

    /** One form for all cases of a letter; by way of upper case, so that what only one case tells apart falls together. */
    private static String fold(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            result.append(fold(text.charAt(i)));
        }
        return result.toString();
    }

    private static char fold(char c) {
        return c < 0x80 ? lower(c) : Character.toLowerCase(Character.toUpperCase(c));
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }
}
