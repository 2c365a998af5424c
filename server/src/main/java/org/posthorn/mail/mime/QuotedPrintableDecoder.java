package org.posthorn.mail.mime;

/** Quoted-printable (RFC 2045 6.7). White space at the end of a line is dropped, for it was added on the way. */
final class QuotedPrintableDecoder implements TransferDecoder {
    private enum State {
        TEXT,
        /** After an equals sign. */
        EQUALS,
        /** After an equals sign and a hexadecimal digit. */
        DIGIT,
        /** After an equals sign and white space. */
        SOFT_SPACE,
        /** After an equals sign and CR. */
        SOFT_CR
    }

    private State state = State.TEXT;
    private byte digit;
    /** White space that counts only if something follows it on its line. */
    private final byte[] spaces = new byte[MAX_HELD_BACK / 2];

    private int spaceCount;
    private byte[] out = {};
    private int to;

    @Override
    public int decode(byte[] in, int length, byte[] target) {
        out = target;
        to = 0;
        for (int i = 0; i < length; i++) {
            accept(in[i]);
        }
        return to;
    }

    @Override
    public int finish(byte[] target) {
        out = target;
        to = 0;
        if (state == State.EQUALS || state == State.DIGIT) {
            literal();
        }
        return to;
    }

    private void accept(byte c) {
        switch (state) {
            case TEXT -> acceptText(c);
            case EQUALS -> {
                if (Character.digit(c, 16) >= 0) {
                    digit = c;
                    state = State.DIGIT;
                } else if (c == ' ' || c == '\t') {
                    state = State.SOFT_SPACE;
                } else if (c == '\r') {
                    state = State.SOFT_CR;
                } else {
                    endSoft(c);
                }
            }
            case DIGIT -> {
                int low = Character.digit(c, 16);
                if (low >= 0) {
                    out[to++] = (byte) (Character.digit(digit, 16) << 4 | low);
                    state = State.TEXT;
                } else {
                    literal();
                    acceptText(c);
                }
            }
            case SOFT_SPACE -> {
                if (c == '\r') {
                    state = State.SOFT_CR;
                } else if (c != ' ' && c != '\t') {
                    endSoft(c);
                }
            }
            case SOFT_CR -> {
                state = State.TEXT;
                if (c != '\n') {
                    acceptText(c);
                }
            }
        }
    }

    /** After an equals sign that no CRLF follows. */
    private void endSoft(byte c) {
        if (c == '\n') {
            state = State.TEXT;
        } else {
            state = State.EQUALS;
            literal();
            acceptText(c);
        }
    }

    private void acceptText(byte c) {
        switch (c) {
            case ' ', '\t' -> {
                if (spaceCount == spaces.length) {
                    putSpaces();
                }
                spaces[spaceCount++] = c;
            }
            case '=' -> {
                putSpaces();
                state = State.EQUALS;
            }
            case '\r', '\n' -> {
                spaceCount = 0;
                out[to++] = c;
            }
            default -> {
                putSpaces();
                out[to++] = c;
            }
        }
    }

    /** RFC 2045 6.7: an equals sign that starts nothing is best shown as it stands there. */
    private void literal() {
        out[to++] = '=';
        if (state == State.DIGIT) {
            out[to++] = digit;
        }
        state = State.TEXT;
    }

    private void putSpaces() {
        System.arraycopy(spaces, 0, out, to, spaceCount);
        to += spaceCount;
        spaceCount = 0;
    }
}
