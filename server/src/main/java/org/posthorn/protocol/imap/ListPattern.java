package org.posthorn.protocol.imap;

/**
 * The pattern of LIST and LSUB (RFC 3501 6.3.8): {@code *} matches anything, {@code %} anything but the separator. Matching
 * takes at most pattern length times name length steps.
 */
public final class ListPattern {
    private static final int MAX_LENGTH = 4096;

    private final String pattern;
    private final char separator;

    /**
     * @param pattern decoded from modified UTF-7, reference and pattern joined
     * @param separator between the levels of names
     * @throws ImapSyntaxException for a pattern longer than any name
     */
    public ListPattern(String pattern, char separator) {
        this.pattern = simplified(pattern);
        this.separator = separator;
        if (this.pattern.length() > MAX_LENGTH) {
            throw new ImapSyntaxException("Mailbox pattern too long");
        }
    }

    /** A run of wildcards that holds a {@code *} is one of it, a run of {@code %} one of that. */
    private static String simplified(String pattern) {
        StringBuilder result = new StringBuilder(pattern.length());
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int last = result.length() - 1;
            boolean follows = last >= 0 && isWildcard(result.charAt(last));
            if (!isWildcard(c) || !follows) {
                result.append(c);
            } else if (c == '*') {
                result.setCharAt(last, '*');
            }
        }
        return result.toString();
    }

    private static boolean isWildcard(char c) {
        return c == '*' || c == '%';
    }

    public boolean matches(String name) {
        // INBOX is the same in any case (5.1), also as the first level.
        boolean inbox = name.startsWith("INBOX") && (name.length() == 5 || name.charAt(5) == separator);
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            step(pattern.charAt(p), name, inbox ? 5 : 0, reached);
        }
        return reached[name.length()];
    }

    private void step(char c, String name, int folded, boolean[] reached) {
        if (isWildcard(c)) {
            for (int i = 1; i <= name.length(); i++) {
                reached[i] |= reached[i - 1] && (c == '*' || name.charAt(i - 1) != separator);
            }
            return;
        }
        char upper = Character.toUpperCase(c);
        for (int i = name.length(); i > 0; i--) {
            char wanted = name.charAt(i - 1);
            reached[i] = reached[i - 1] && (wanted == c || (i <= folded && wanted == upper));
        }
        reached[0] = false;
    }
}
