package org.posthorn.protocol.imap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Builds responses in memory, in the forms of RFC 3501 section 9. Text is ISO 8859-1, one octet per char. The owner writes
 * it out when it has grown and at the end of a command; message bodies go past it. Not thread-safe.
 */
public final class ResponseBuffer {
    private static final int FIRST = 1024;
    /** A larger buffer is not kept for the next response, octets. */
    private static final int KEPT = 64 * 1024;

    private static final int MAX_QUOTED = 1000;

    private byte[] octets = new byte[FIRST];
    private int used;

    /** Octets written and not yet taken. */
    public int size() {
        return used;
    }

    /** Writes what is held to the stream, and holds nothing then. */
    public void drainTo(OutputStream out) throws IOException {
        byte[] full = octets;
        int count = used;
        used = 0;
        if (full.length > KEPT) {
            octets = new byte[FIRST];
        }
        out.write(full, 0, count);
    }

    /** Forgets what was written since there were so many octets. */
    public void cutTo(int size) {
        if (size > used) {
            throw new IllegalArgumentException("only " + used + " octets are there");
        }
        used = size;
    }

    private void room(int count) {
        if (used + count > octets.length) {
            octets = java.util.Arrays.copyOf(octets, Math.max(octets.length * 2, used + count));
        }
    }

    @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) copies Latin-1 text without a temporary array
    public ResponseBuffer text(String text) {
        room(text.length());
        text.getBytes(0, text.length(), octets, used);
        used += text.length();
        return this;
    }

    public ResponseBuffer bytes(byte[] bytes, int offset, int length) {
        room(length);
        System.arraycopy(bytes, offset, octets, used, length);
        used += length;
        return this;
    }

    public ResponseBuffer character(char c) {
        room(1);
        octets[used++] = (byte) c;
        return this;
    }

    public ResponseBuffer space() {
        return character(' ');
    }

    /** A number from 0 up. */
    public ResponseBuffer number(long value) {
        room(20);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = used + digits - 1; i >= used; i--) {
            octets[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
        return this;
    }

    public ResponseBuffer crlf() {
        room(2);
        octets[used++] = '\r';
        octets[used++] = '\n';
        return this;
    }

    /** {@code string}: quoted where the octets allow it, else a literal; 0x80 stands for NUL, which no string can hold. */
    public ResponseBuffer string(String text) {
        String value = text.replace('\0', '\u0080');
        if (!isQuotable(value)) {
            return character('{').number(value.length()).text("}\r\n").text(value);
        }
        if (value.indexOf('"') < 0 && value.indexOf('\\') < 0) {
            return character('"').text(value).character('"');
        }
        return text(quoted(value));
    }

    /** {@code nstring}: NIL for what is not there. */
    public ResponseBuffer nstring(Optional<String> value) {
        return value.isPresent() ? string(value.get()) : text("NIL");
    }

    /** A mailbox name, encoded to modified UTF-7: as an atom where it can be one. */
    public ResponseBuffer mailbox(String name) {
        if (name.isEmpty()) {
            return text("\"\"");
        }
        String wire = ModifiedUtf7.encode(name);
        return isAtom(wire) && !wire.equalsIgnoreCase("NIL") ? text(wire) : string(wire);
    }

    /** A parenthesised list of atoms or flags. */
    public ResponseBuffer list(List<String> atoms) {
        character('(');
        for (int i = 0; i < atoms.size(); i++) {
            if (i > 0) {
                space();
            }
            text(atoms.get(i));
        }
        return character(')');
    }

    /** {@code "17-Jul-1996 02:44:25 +0000"}, from milliseconds since 1970. */
    public ResponseBuffer internalDate(long epochMillis) {
        return character('"').text(ImapDates.format(epochMillis)).character('"');
    }

    private static boolean isAtom(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Ascii.isAtomChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isQuotable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // QUOTED-CHAR is 7 bit and neither CR, LF nor NUL.
            if (c >= 0x80 || c == '\r' || c == '\n' || c == 0) {
                return false;
            }
        }
        return text.length() <= MAX_QUOTED;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    static String quotedIfNeeded(String text) {
        if (isAtom(text)) {
            return text;
        }
        if (isQuotable(text)) {
            return quoted(text);
        }
        return "{" + text.length() + "}\r\n" + text;
    }

    /** What is held, for tests and the log. */
    @Override
    public String toString() {
        return new String(octets, 0, used, StandardCharsets.ISO_8859_1);
    }
}
