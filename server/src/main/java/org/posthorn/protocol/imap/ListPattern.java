package org.posthorn.protocol.imap;

import java.util.HashMap;
import java.util.Map;

/**
 * The pattern of LIST and LSUB (RFC 3501 6.3.8): {@code *} matches anything, {@code %} anything but the separator. All places of
 * the pattern that a name may have reached are followed at once, 64 in a step, so that the longest pattern takes 65 steps for each
 * character of the name.
 */
public final class ListPattern {
    private static final int MAX_LENGTH = 4096;

    private final String pattern;
    private final char separator;
    private final int words;
    /** Where in the pattern a character stands, and where the wildcards; a bit for each place. */
    private final Map<Character, long[]> places = new HashMap<>();

    private final long[] stars;
    private final long[] percents;
    private final long[] nowhere;

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
        words = (this.pattern.length() >> 6) + 1;
        stars = new long[words];
        percents = new long[words];
        nowhere = new long[words];
        for (int p = 0; p < this.pattern.length(); p++) {
            char c = this.pattern.charAt(p);
            switch (c) {
                case '*' -> set(stars, p);
                case '%' -> set(percents, p);
                default -> set(places.computeIfAbsent(c, any -> new long[words]), p);
            }
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
        int folded = inbox ? 5 : 0;
        long[] reached = new long[words];
        reached[0] = 1;
        passWildcards(reached);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            long[] same = places.getOrDefault(c, nowhere);
            long[] lower = i < folded ? places.getOrDefault((char) (c + 'a' - 'A'), nowhere) : nowhere;
            long carry = 0;
            long any = 0;
            for (int w = 0; w < words; w++) {
                long at = reached[w];
                long step = at & (same[w] | lower[w]);
                long stay = at & (c == separator ? stars[w] : stars[w] | percents[w]);
                reached[w] = step << 1 | carry | stay;
                carry = step >>> 63;
                any |= reached[w];
            }
            if (any == 0) {
                return false;
            }
            passWildcards(reached);
        }
        return (reached[pattern.length() >> 6] >>> pattern.length() & 1) != 0;
    }

    /** A wildcard also stands for nothing; no other one follows it. */
    private void passWildcards(long[] reached) {
        long carry = 0;
        for (int w = 0; w < words; w++) {
            long at = reached[w] & (stars[w] | percents[w]);
            reached[w] |= at << 1 | carry;
            carry = at >>> 63;
        }
    }

    private static void set(long[] bits, int at) {
        bits[at >> 6] |= 1L << at;
    }
}
