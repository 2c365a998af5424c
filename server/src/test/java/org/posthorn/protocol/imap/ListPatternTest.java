package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, a/b/c, true",
        "%, a, true",
        "%, a/b, false",
        "a/%, a/b, true",
        "a/%, a/b/c, false",
        "a/*, a/b/c, true",
        "a/*, a, false",
        "%/b, a/b, true",
        "*b, a/xb, true",
        "*b%c, ab/c, false",
        "%%%, abc, true",
        "%*%, a/b, true",
        "inbox, INBOX, true",
        "inb%, INBOX, true",
        "InBox/%, INBOX/sub, true",
        "inbox/SUB, INBOX/sub, false",
        "inbox/sub, INBOX/SUB, false",
        "inbox/sub, INBOX/sub, true",
        "i*X, INBOX, true",
        "b, B, false",
        "inboxes, INBOXES, false",
        "ab, abc, false"
    })
    void matches(String pattern, String name, boolean expected) {
        assertThat(new ListPattern(pattern, '/').matches(name)).isEqualTo(expected);
    }

    @Test
    void matchesAsARegularExpressionDoes() {
        Random random = new Random(20);
        for (int i = 0; i < 20_000; i++) {
            String pattern = letters(random, "ab/*%", 1 + random.nextInt(9));
            String name = letters(random, "ab/", random.nextInt(12));
            String same = pattern.replace("*", ".*").replace("%", "[^/]*");
            assertThat(new ListPattern(pattern, '/').matches(name))
                    .as(pattern + " of " + name)
                    .isEqualTo(name.matches(same));
        }
    }

    @Test
    void findsTheLevelsAboveInOnePass() {
        Random random = new Random(21);
        for (int i = 0; i < 20_000; i++) {
            ListPattern pattern = new ListPattern(letters(random, "ab/*%", 1 + random.nextInt(9)), '/');
            String name = letters(random, "ab/", random.nextInt(12));
            List<Integer> expected = IntStream.rangeClosed(0, name.length())
                    .filter(end -> end == name.length() || name.charAt(end) == '/')
                    .filter(end -> pattern.matches(name.substring(0, end)))
                    .boxed()
                    .toList();
            assertThat(pattern.matchingLevels(name)).as(name).isEqualTo(expected);
        }
    }

    @Test
    void levelsAboveInboxAreTheSameInAnyCase() {
        assertThat(new ListPattern("inb%", '/').matchingLevels("INBOX/a")).containsExactly(5);
        assertThat(new ListPattern("inbox*", '/').matchingLevels("INBOX/A/b")).containsExactly(5, 7, 9);
    }

    private static String letters(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void followsPatternsOfManyWords() {
        String levels = "ab/".repeat(500);
        assertThat(new ListPattern(levels + "%", '/').matches(levels + "x")).isTrue();
        assertThat(new ListPattern(levels + "%", '/').matches(levels + "x/y")).isFalse();
        assertThat(new ListPattern("*b/".repeat(500), '/').matches(levels)).isTrue();
        assertThat(new ListPattern("*b/".repeat(501), '/').matches(levels)).isFalse();
    }

    @Test
    void manyWildcardsStayCheap() {
        String pattern = "*a".repeat(1000) + "b";
        assertThat(new ListPattern(pattern, '/').matches("a".repeat(3000))).isFalse();
    }

    @Test
    void rejectsAPatternLongerThanAnyName() {
        assertThatThrownBy(() -> new ListPattern("ab".repeat(3000), '/')).isInstanceOf(ImapSyntaxException.class);
        assertThat(new ListPattern("%".repeat(60_000), '/').matches("x")).isTrue();
    }

    /** Runs of wildcards count as one. */
    @Test
    void takesPatternsOf4096Characters() {
        String longest = "ab".repeat(2_048);
        assertThat(new ListPattern(longest, '/').matches(longest)).isTrue();
        assertThatThrownBy(() -> new ListPattern(longest + "a", '/')).isInstanceOf(ImapSyntaxException.class);
        assertThat(new ListPattern("%*%", '/').matches("a/b")).isTrue();
        assertThat(new ListPattern("%%", '/').matches("a/b")).isFalse();
        assertThat(new ListPattern("a%/%*", '/').matches("ab/c/d")).isTrue();
    }
}
