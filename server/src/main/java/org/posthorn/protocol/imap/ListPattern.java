package org.posthorn.protocol.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pattern of LIST and LSUB (RFC 3501 6.3.8): {@code *} matches anything, {@code %} anything but the separator. All places of
 * the pattern that a name may have reached are followed at once, 64 in a step, and none before the last {@code *} that was reached: the
 * longest pattern takes 65 steps for each character of the name, and one of stars a single step.
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
        return new Walk(name).toEnd();
    }

    /**
     * Looks at all levels above a name in one pass, and at the name itself.
     *
     * @return the lengths of those that match, ascending
     */
    public List<Integer> matchingLevels(String name) {
        List<Integer> found = new ArrayList<>();
        Walk walk = new Walk(name);
        for (int i = 0; i < name.length() && walk.isAlive(); i++) {
            if (name.charAt(i) == separator && walk.isAtEnd()) {
                found.add(i);
            }
            walk.step(i);
        }
        if (walk.isAtEnd()) {
            found.add(name.length());
        }
        return found;
    }

    /** Which places of the pattern the beginning of a name may have reached. All lie in the words from {@code low} to {@code high}. */
    private final class Walk {
        private final String name;
        /** INBOX is the same in any case (5.1), also as the first level. */
        private final int folded;

        private final long[] reached = new long[words];
        private int low;
        private int high;

        Walk(String name) {
            this.name = name;
            boolean inbox = name.startsWith("INBOX") && (name.length() == 5 || name.charAt(5) == separator);
            this.folded = inbox ? 5 : 0;
            reached[0] = 1;
            passWildcards();
        }

        boolean toEnd() {
            for (int i = 0; i < name.length() && isAlive(); i++) {
                step(i);
            }
            return isAtEnd();
        }

        boolean isAlive() {
            return low <= high;
        }

        boolean isAtEnd() {
            return (reached[pattern.length() >> 6] >>> pattern.length() & 1) != 0;
        }

        void step(int i) {
            char c = name.charAt(i);
            long[] same = places.getOrDefault(c, nowhere);
            long[] lower = i < folded ? places.getOrDefault((char) (c + 'a' - 'A'), nowhere) : nowhere;
            long carry = 0;
            for (int w = low; w <= high; w++) {
                long at = reached[w];
                long step = at & (same[w] | lower[w]);
                long stay = at & (c == separator ? stars[w] : stars[w] | percents[w]);
                reached[w] = step << 1 | carry | stay;
                carry = step >>> 63;
            }
            if (carry != 0) {
                reached[++high] = carry;
            }
            passWildcards();
        }

        /** A wildcard also stands for nothing; no other one follows it. */
        private void passWildcards() {
            long carry = 0;
            for (int w = low; w <= high; w++) {
                long at = reached[w] & (stars[w] | percents[w]);
                reached[w] |= at << 1 | carry;
                carry = at >>> 63;
            }
            if (carry != 0) {
                reached[++high] |= carry;
            }
            forgetWhatTheLastStarCovers();
            while (low <= high && reached[low] == 0) {
                low++;
            }
            while (high >= low && reached[high] == 0) {
                high--;
            }
        }

        /** Whatever goes on from an earlier place comes by the last star that was reached, and that one has it all. */
        private void forgetWhatTheLastStarCovers() {
            for (int w = high; w >= low; w--) {
                long star = Long.highestOneBit(reached[w] & stars[w]);
                if (star != 0) {
                    Arrays.fill(reached, low, w, 0);
                    reached[w] &= -star;
                    return;
                }
            }
        }
    }

    private static void set(long[] bits, int at) {
        bits[at >> 6] |= 1L << at;
    }
}
