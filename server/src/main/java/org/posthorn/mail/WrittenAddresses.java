package org.posthorn.mail;

import java.util.ArrayList;
import java.util.List;

/**
 * All that looks like an address in a field, but for quoted strings and comments: readers that parse more leniently than we do may
 * show any of it as the author.
 */
public final class WrittenAddresses {
    private static final String DELIMITERS = "<>(),:;@\"";
    private static final int MAX_COMPARED = 100;

    private WrittenAddresses() {}

    /**
     * In the order written.
     *
     * @param unfolded a field's value
     * @param max how many are looked for
     */
    public static List<Address> in(String unfolded, int max) {
        List<Address> found = new ArrayList<>();
        collect(withoutQuotes(unfolded), max, found);
        return found;
    }

    private static void collect(String text, int max, List<Address> found) {
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
    }

    /**
     * Whether readers may disagree on the domain of a field that is no mailbox-list: there are several at signs outside of quoted strings
     * and comments; an address of another domain stands within one, which readers take for the address where what is around it
     * makes no sense; or another word follows the domain, which some readers append to it. A quoted string that all begins with is the
     * name of whom the address is, as if angle brackets had followed.
     */
    public static boolean isAmbiguous(String unfolded) {
        String text = withoutQuotes(unfolded);
        int at = text.indexOf('@');
        return at >= 0
                && (text.indexOf('@', at + 1) >= 0 || goesOn(text, at + 1) || differ(withoutName(unfolded, text)));
    }

    private static boolean goesOn(String text, int domain) {
        int at = domain;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        int end = at;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at > end && at < text.length() && isWord(text.charAt(at));
    }

    private static String withoutName(String unfolded, String withoutQuotes) {
        boolean open = withoutQuotes.indexOf('"') >= 0 || withoutQuotes.indexOf('(') >= 0;
        String text = unfolded.strip();
        return open || !text.startsWith("\"") ? text : text.substring(closing(text, 0, '"') + 1);
    }

    /** Whether the domains of all addresses differ, or there are too many to tell. */
    private static boolean differ(String text) {
        List<Address> all = new ArrayList<>();
        collect(text, MAX_COMPARED, all);
        return all.size() == MAX_COMPARED
                || all.stream().map(Address::domain).distinct().count() > 1;
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
