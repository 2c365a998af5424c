package org.posthorn.mail;

import java.util.ArrayList;
import java.util.List;

/**
 * All that looks like an address in a field, but for quoted strings and comments: readers that parse more leniently than we do may
 * show any of it as the author.
 */
public final class WrittenAddresses {
    private static final String DELIMITERS = "<>(),:;@\"";

    private WrittenAddresses() {}

    /**
     * In the order written.
     *
     * @param unfolded a field's value
     * @param max how many are looked for
     */
    public static List<Address> in(String unfolded, int max) {
        List<Address> found = new ArrayList<>();
        String text = withoutQuotes(unfolded);
        for (int at = text.indexOf('@'); at >= 0 && found.size() < max; at = text.indexOf('@', at + 1)) {
            int start = at;
            while (start > 0 && isWord(text.charAt(start - 1))) {
                start--;
            }
            int end = at + 1;
            while (end < text.length() && isWord(text.charAt(end))) {
                end++;
            }
            try {
                found.add(Address.parse(text.substring(start, end)));
            } catch (MalformedAddressException e) {
                // Nobody can take it for an author, then.
            }
        }
        return found;
    }

    /** How many at signs stand outside of quoted strings and comments. */
    public static long atSigns(String unfolded) {
        return withoutQuotes(unfolded).chars().filter(c -> c == '@').count();
    }

    private static boolean isWord(char c) {
        return c > ' ' && DELIMITERS.indexOf(c) < 0;
    }

    /** Without quoted strings and comments (RFC 5322 3.2.2, 3.2.4); one that does not end is no such thing. */
    private static String withoutQuotes(String text) {
        StringBuilder rest = new StringBuilder(text.length());
        // Where one is not closed, none after it is: looked for once only.
        boolean quotesEnd = true;
        boolean commentsEnd = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int end = -1;
            if (c == '"' && quotesEnd) {
                end = closing(text, i, '"');
                quotesEnd = end >= 0;
            } else if (c == '(' && commentsEnd) {
                end = closing(text, i, ')');
                commentsEnd = end >= 0;
            }
            if (end < 0) {
                rest.append(c);
            } else {
                rest.append(' ');
                i = end;
            }
        }
        return rest.toString();
    }

    private static int closing(String text, int open, char close) {
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == close) {
                return i;
            }
        }
        return -1;
    }
}
