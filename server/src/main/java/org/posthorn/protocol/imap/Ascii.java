package org.posthorn.protocol.imap;

/** Character classes of RFC 3501 section 9; a char stands for an octet. */
final class Ascii {
    private static final int ATOM = 1;
    private static final int LIST = 2;
    private static final int TAG = 4;
    private static final byte[] CLASSES = new byte[128];

    static {
        for (int c = 0x21; c < 0x7f; c++) {
            boolean special = "(){%*\"\\]".indexOf(c) >= 0;
            int classes = special ? 0 : ATOM | LIST;
            // list-char = ATOM-CHAR / list-wildcards / resp-specials
            classes |= c == '%' || c == '*' || c == ']' ? LIST : 0;
            // tag = 1*<any ASTRING-CHAR except "+">
            classes |= c != '+' && (!special || c == ']') ? TAG : 0;
            CLASSES[c] = (byte) classes;
        }
    }

    private Ascii() {}

    private static boolean is(int c, int wanted) {
        return c < 128 && (CLASSES[c] & wanted) != 0;
    }

    static boolean isAtomChar(int c) {
        return is(c, ATOM);
    }

    static boolean isAstringChar(int c) {
        return is(c, ATOM) || c == ']';
    }

    static boolean isListChar(int c) {
        return is(c, LIST);
    }

    static boolean isTagChar(int c) {
        return is(c, TAG);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
