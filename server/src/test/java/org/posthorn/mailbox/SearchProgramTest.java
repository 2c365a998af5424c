package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.mailbox.SearchQuery.And;
import org.posthorn.mailbox.SearchQuery.Body;
import org.posthorn.mailbox.SearchQuery.Comparison;
import org.posthorn.mailbox.SearchQuery.HasFlag;
import org.posthorn.mailbox.SearchQuery.Header;
import org.posthorn.mailbox.SearchQuery.Not;
import org.posthorn.mailbox.SearchQuery.Or;
import org.posthorn.mailbox.SearchQuery.Sent;
import org.posthorn.mailbox.SearchQuery.Text;
import org.posthorn.mailbox.SearchQuery.UidRange;
import org.posthorn.mailbox.SearchQuery.Uids;

/** In which order a message is asked; what the keys mean, SearchScopeTest tells by IMAP's words. */
class SearchProgramTest {
    private static final SearchQuery FLAGGED = new HasFlag(Flags.FLAGGED);
    private static final SearchQuery SEEN = new HasFlag(Flags.SEEN);
    private static final SearchQuery BODY = new Body("x");
    private static final SearchQuery SUBJECT = new Header("SUBJECT", "x");

    /** UID 30, seen. */
    private static final class Letter implements SearchedMessage {
        final List<String> opened = new ArrayList<>();

        @Override
        public long uid() {
            return 30;
        }

        @Override
        public Flags flags() {
            return new Flags(Flags.SEEN, Set.of("$Work"));
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
            return List.of("Lunch");
        }

        @Override
        public List<String> addresses(String field) {
            return List.of();
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

    private static boolean matches(SearchQuery query, Letter letter) throws IOException {
        return new SearchProgram(query).matches(letter);
    }

    private static And and(SearchQuery... queries) {
        return new And(List.of(queries));
    }

    /** What the index answers opens no message, wherever it stands. */
    @Test
    void asksWhatIsCheapFirst() throws IOException {
        SearchQuery other = new Uids(List.of(new UidRange(1, 29), new UidRange(31, 40)));
        for (SearchQuery query : List.of(
                and(BODY, SUBJECT, FLAGGED),
                and(new Not(BODY), FLAGGED),
                and(new Or(BODY, SEEN), FLAGGED),
                and(and(new Text("x"), new Text("y")), FLAGGED),
                and(new Text("x"), new Sent(Comparison.ON, LocalDate.of(2026, 1, 1)), other))) {
            Letter letter = new Letter();
            assertThat(matches(query, letter)).isFalse();
            assertThat(letter.opened).as("" + query).isEmpty();
        }
        Letter letter = new Letter();
        assertThat(matches(and(BODY, SUBJECT), letter)).isFalse();
        assertThat(letter.opened).containsExactly("SUBJECT");
        Letter either = new Letter();
        assertThat(matches(new Or(BODY, SEEN), either)).isTrue();
        assertThat(either.opened).isEmpty();
        Letter empty = new Letter();
        assertThat(matches(new Body(""), empty)).isTrue();
        assertThat(empty.opened).isEmpty();
    }

    @Test
    void findsUidsInTheirRanges() throws IOException {
        for (long uid = 1; uid < 60; uid++) {
            boolean there = uid >= 28 && uid <= 32;
            assertThat(matches(new Uids(List.of(new UidRange(uid, uid + 2))), new Letter()))
                    .isEqualTo(there && uid <= 30);
        }
        assertThat(matches(new Uids(List.of()), new Letter())).isFalse();
        assertThat(matches(
                        new Uids(List.of(new UidRange(1, 5), new UidRange(30, 30), new UidRange(40, 50))),
                        new Letter()))
                .isTrue();
        assertThatThrownBy(() -> new Uids(List.of(new UidRange(5, 9), new UidRange(9, 10))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
