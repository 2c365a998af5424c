package org.posthorn.dns.record;

/** Owner names and targets: lower case, without final dot, of characters that need no escape in any of the forms we write. */
final class Names {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private Names() {}

    /** Throws unless this is a name of at least one label. */
    static void check(String name) {
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name of more than " + MAX_NAME + " characters");
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' && label > 0) {
                label = 0;
            } else if (isPlain(c) && label < MAX_LABEL) {
                label++;
            } else {
                throw new IllegalArgumentException("not a name that can be published: " + quoted(name));
            }
        }
        if (label == 0) {
            throw new IllegalArgumentException("not a name that can be published: " + quoted(name));
        }
    }

    /** As {@link #check}, but "" for the root is a target too (RFC 7505 3, RFC 2782). */
    static void checkTarget(String name) {
        if (!name.isEmpty()) {
            check(name);
        }
    }

    /** Letters, digits, hyphen; underscore (RFC 8552), asterisk (RFC 4592), slash (RFC 2317). */
    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*' || c == '/';
    }

    private static String quoted(String name) {
        StringBuilder shown = new StringBuilder("\"");
        name.chars().limit(80).forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.append('"').toString();
    }
}
