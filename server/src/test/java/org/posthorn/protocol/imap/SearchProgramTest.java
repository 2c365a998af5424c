package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchProgramTest {
    /** Number 3 of 5 with UID 30 of 50, of 1,000 octets; of 2 January 2026, written the day before. */
    private static final class Letter implements SearchedMessage {
        final List<String> opened = new ArrayList<>();

        @Override
        public int sequence() {
            return 3;
        }

        @Override
        public long uid() {
            return 30;
        }

        @Override
        public boolean has(FlagList.SystemFlag flag) {
            return flag == FlagList.SystemFlag.SEEN;
        }

        @Override
        public boolean hasKeyword(String keyword) {
            return keyword.equalsIgnoreCase("$work");
        }

        @Override
        public boolean isRecent() {
            return true;
        }

        @Override
        public long internalDate() {
            return Instant.parse("2026-01-02T23:59:59.999Z").toEpochMilli();
        }

        @Override
        public long size() {
            return 1_000;
        }

        @Override
        public Optional<LocalDate> sentDay() {
            opened.add("day");
            return Optional.of(LocalDate.of(2026, 1, 1));
        }

        @Override
        public List<String> header(String field) {
            opened.add(field);
            return switch (field) {
                case "SUBJECT" -> List.of("Lunch", "Dinner");
                case "FROM" -> List.of("Anna (her) <anna@x.test>");
                default -> List.of();
            };
        }

        @Override
        public List<String> addresses(String field) {
            return field.equals("FROM") ? List.of("Anna <anna@x.test>") : List.of();
        }

        @Override
        public boolean bodyContains(SearchText text) {
            opened.add("body");
            return text.isIn("See you at noon");
        }

        @Override
        public boolean headerContains(SearchText text) {
            opened.add("header");
            return text.isIn("Subject: Lunch");
        }
    }

    private static SearchKey key(String keys) {
        return ((ImapCommand.Search) RequestParser.parse("a SEARCH " + keys).command()).key();
    }

    private static boolean matches(String keys, Letter letter) throws IOException {
        return new SearchProgram(key(keys), 5, 50).matches(letter);
    }

    /** RFC 3501 6.4.4, each key on both sides of what it tells apart. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALL | true",
                "SEEN | true",
                "UNSEEN | false",
                "ANSWERED | false",
                "UNANSWERED | true",
                "DELETED | false",
                "UNDELETED | true",
                "DRAFT | false",
                "UNDRAFT | true",
                "FLAGGED | false",
                "UNFLAGGED | true",
                "KEYWORD $Work | true",
                "UNKEYWORD $Work | false",
                "KEYWORD other | false",
                "RECENT | true",
                "OLD | false",
                "NEW | false",
                "LARGER 999 | true",
                "LARGER 1000 | false",
                "SMALLER 1001 | true",
                "SMALLER 1000 | false",
                "3 | true",
                "4:* | false",
                "*:3 | true",
                "UID 30 | true",
                "UID 31:* | false",
                "UID 3 | false",
                "ON 2-Jan-2026 | true",
                "ON 3-Jan-2026 | false",
                "BEFORE 2-Jan-2026 | false",
                "BEFORE 3-Jan-2026 | true",
                "SINCE 2-Jan-2026 | true",
                "SINCE 3-Jan-2026 | false",
                "SENTON 1-Jan-2026 | true",
                "SENTON 2-Jan-2026 | false",
                "SENTBEFORE 1-Jan-2026 | false",
                "SENTBEFORE 2-Jan-2026 | true",
                "SENTSINCE 1-Jan-2026 | true",
                "SENTSINCE 2-Jan-2026 | false",
                "SUBJECT dinner | true",
                "SUBJECT supper | false",
                "HEADER Subject \"\" | true",
                "HEADER X-Other \"\" | false",
                "FROM \"(her)\" | true",
                "FROM \"Anna <anna\" | true",
                "FROM carl | false",
                "TO anna | false",
                "BODY noon | true",
                "BODY lunch | false",
                "BODY \"\" | true",
                "TEXT noon | true",
                "TEXT lunch | true",
                "TEXT supper | false",
                "TEXT \"\" | true",
                "NOT SEEN | false",
                "OR SEEN FLAGGED | true",
                "OR DRAFT FLAGGED | false",
                "SEEN FLAGGED | false",
                "SEEN UNFLAGGED | true",
            })
    void matchesAsTheRfcSays(String keys, boolean expected) throws IOException {
        assertThat(matches(keys, new Letter())).isEqualTo(expected);
    }

    /** What the index answers opens no message, wherever it stands. */
    @Test
    void asksWhatIsCheapFirst() throws IOException {
        for (String keys : List.of(
                "BODY x SUBJECT x FLAGGED",
                "NOT BODY x FLAGGED",
                "(OR BODY x SEEN) FLAGGED",
                "(TEXT x TEXT y) FLAGGED",
                "TEXT x SENTON 1-Jan-2026 5")) {
            Letter letter = new Letter();
            assertThat(matches(keys, letter)).isFalse();
            assertThat(letter.opened).as(keys).isEmpty();
        }
        Letter letter = new Letter();
        assertThat(matches("BODY x SUBJECT x", letter)).isFalse();
        assertThat(letter.opened).containsExactly("SUBJECT");
        Letter either = new Letter();
        assertThat(matches("OR BODY x SEEN", either)).isTrue();
        assertThat(either.opened).isEmpty();
        Letter empty = new Letter();
        assertThat(matches("BODY \"\"", empty)).isTrue();
        assertThat(empty.opened).isEmpty();
    }
}
