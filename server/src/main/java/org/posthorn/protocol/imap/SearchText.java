package org.posthorn.protocol.imap;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/** What a search looks for in texts: substrings, without regard to case (RFC 3501 6.4.4). Immutable. */
public final class SearchText {
    private static final int CHUNK = 8 * 1024;

    private final String folded;
    private final byte[] ascii;

    public SearchText(String text) {
        this.folded = fold(text);
        byte[] octets = new byte[folded.length()];
        boolean plain = true;
        for (int i = 0; i < octets.length; i++) {
            char c = folded.charAt(i);
            plain &= c < 0x80;
            octets[i] = (byte) c;
        }
        this.ascii = plain ? octets : new byte[0];
    }

    /** Whether nothing is looked for, which is found everywhere. */
    public boolean isEmpty() {
        return folded.isEmpty();
    }

    /** Whether it can be looked for in undecoded octets, by {@link #isIn(byte[], int, int)}. */
    public boolean isAscii() {
        return ascii.length == folded.length();
    }

    public boolean isIn(String text) {
        return fold(text).contains(folded);
    }

    /** Looks in octets that are ASCII or a superset of it. Only when {@link #isAscii}. */
    public boolean isIn(byte[] text, int from, int to) {
        if (ascii.length == 0) {
            return isEmpty();
        }
        byte lower = ascii[0];
        byte upper = (byte) Character.toUpperCase((char) lower);
        int last = to - ascii.length;
        for (int i = from; i <= last; i++) {
            byte b = text[i];
            if ((b == lower || b == upper) && matchesAt(text, i)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #isIn(byte[], int, int)}, in all that a stream gives. */
    public boolean isIn(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK + ascii.length];
        int held = 0;
        for (int n = in.read(chunk, 0, CHUNK); n >= 0; n = in.read(chunk, held, CHUNK)) {
            int end = held + n;
            if (isIn(chunk, 0, end)) {
                return true;
            }
            // A find may lie across the edge of two chunks.
            held = Math.min(end, Math.max(0, ascii.length - 1));
            System.arraycopy(chunk, end - held, chunk, 0, held);
        }
        return isEmpty();
    }

    /** Looks in decoded text. */
    public boolean isIn(Reader in) throws IOException {
        char[] chunk = new char[CHUNK + folded.length()];
        int held = 0;
        for (int n = in.read(chunk, 0, CHUNK); n >= 0; n = in.read(chunk, held, CHUNK)) {
            int end = held + n;
            for (int i = held; i < end; i++) {
                chunk[i] = fold(chunk[i]);
            }
            if (new String(chunk, 0, end).contains(folded)) {
                return true;
            }
            held = Math.min(end, Math.max(0, folded.length() - 1));
            System.arraycopy(chunk, end - held, chunk, 0, held);
        }
        return isEmpty();
    }

    private boolean matchesAt(byte[] text, int at) {
        for (int i = 1; i < ascii.length; i++) {
            int b = text[at + i];
            if (b >= 'A' && b <= 'Z') {
                b += 'a' - 'A';
            }
            if (b != ascii[i]) {
                return false;
            }
        }
        return true;
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
