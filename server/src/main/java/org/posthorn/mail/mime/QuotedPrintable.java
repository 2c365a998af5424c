package org.posthorn.mail.mime;

import java.io.IOException;
import java.io.OutputStream;

/** Writes quoted-printable (RFC 2045 6.7). Input comes in lines or pieces of lines; used by one thread. */
final class QuotedPrintable {
    /** RFC 2045 6.7 (5): 76 characters with the soft line break's equals sign. */
    private static final int MAX_LINE = 75;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private final OutputStream out;
    /** What the input is in. */
    enum Input {
        RAW,
        /** Quoted-printable: its lines get soft breaks, octets above 127 in it become escapes. */
        QUOTED,
        /** Base64: its lines are broken, octets above 127 in it dropped, as decoders do (RFC 2045 6.8). */
        BASE64
    }

    private final Input input;
    private int column;
    /** Octets of an escape that are still to come: no soft break may part them. */
    private int escape;

    QuotedPrintable(OutputStream out, Input input) {
        this.out = out;
        this.input = input;
    }

    /** A line with its end, or a piece of one. */
    void write(byte[] bytes, int length) throws IOException {
        int end = length;
        boolean lineEnd = end > 0 && bytes[end - 1] == '\n';
        if (lineEnd) {
            end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
        }
        for (int i = 0; i < end; i++) {
            byte octet = bytes[i];
            if (input == Input.BASE64) {
                base64(octet);
                continue;
            }
            if (input == Input.QUOTED && octet >= 0) {
                quoted(octet, lineEnd && i == end - 1);
                continue;
            }
            // (3): white space at a line's end would be lost on the way.
            boolean last = i == end - 1;
            boolean literal =
                    (octet > ' ' && octet <= '~' && octet != '=') || ((octet == ' ' || octet == '\t') && !last);
            room(literal ? 1 : 3);
            if (literal) {
                out.write(octet);
                column++;
            } else {
                out.write('=');
                out.write(HEX[octet >> 4 & 15]);
                out.write(HEX[octet & 15]);
                column += 3;
            }
        }
        if (lineEnd) {
            out.write('\r');
            out.write('\n');
            column = 0;
            escape = 0;
        }
    }

    private void base64(byte octet) throws IOException {
        if (column > MAX_LINE) {
            out.write('\r');
            out.write('\n');
            column = 0;
        }
        if (octet >= 0) {
            out.write(octet);
            column++;
        }
    }

    /** @param last of its line: an equals sign there is a soft break */
    private void quoted(byte octet, boolean last) throws IOException {
        if (escape > 0) {
            escape--;
        } else if (octet == '=' && !last) {
            room(3);
            escape = 2;
        } else if (octet != '=') {
            room(1);
        }
        out.write(octet);
        column++;
    }

    private void room(int count) throws IOException {
        if (column + count > MAX_LINE) {
            out.write('=');
            out.write('\r');
            out.write('\n');
            column = 0;
        }
    }
}
