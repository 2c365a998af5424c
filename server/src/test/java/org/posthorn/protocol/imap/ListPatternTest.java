package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        "inboxes, INBOXES, false",
        "ab, abc, false"
    })
    void matches(String pattern, String name, boolean expected) {
        assertThat(new ListPattern(pattern, '/').matches(name)).isEqualTo(expected);
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
}
