package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.SearchPace;
import org.posthorn.mailbox.SearchQuery;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.RequestParser;

/** Search keys in a view of five messages, of which the third is looked at. */
class SearchScopeTest {
    private static final String HEADER =
            "Date: Thu, 1 Jan 2026 23:00:00 -0500\r\nSubject: Lunch\r\nSubject: Dinner\r\nFrom: Anna (her) <anna@x.test>\r\n\r\n";
    /** Of 2 January 2026, written the day before. */
    private static final String LETTER = HEADER + "See you at noon" + ".".repeat(1_000 - HEADER.length() - 15);

    private static final SearchPace FREE = new SearchPace() {
        @Override
        public void pause() {}

        @Override
        public Memory take(long octets) {
            return () -> {};
        }
    };

    private AccountMail mail;
    private Mailbox mailbox;
    private SelectedMailbox view;

    /** The UIDs 10, 20, 30, 40 and 50. */
    @BeforeEach
    void openFive() throws Exception {
        mail = new MemoryMailboxStore().open(FakeAccounts.address("alice"));
        mailbox = mail.select(MailboxName.INBOX);
        for (int uid = 1; uid <= 50; uid++) {
            append();
        }
        mailbox.expunge(LongStream.rangeClosed(1, 50)
                .filter(uid -> uid % 10 != 0)
                .boxed()
                .toList());
        view = new SelectedMailbox(mailbox, true);
    }

    private void append() throws IOException, MailboxException {
        Flags flags = new Flags(Flags.SEEN, Set.of("$work"));
        long date = Instant.parse("2026-01-02T23:59:59.999Z").toEpochMilli();
        try (Appender appender = mail.append(MailboxName.INBOX, flags, Optional.of(date), 0)) {
            appender.write(LETTER.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, LETTER.length());
            appender.commit();
        }
    }

    private List<Long> found(String keys) throws IOException {
        ImapCommand.Search search =
                (ImapCommand.Search) RequestParser.parse("a SEARCH " + keys).command();
        SearchQuery query = new SearchScope(view).query(search.key());
        return mailbox.search(query, FREE);
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
        assertThat(found(keys).contains(30L)).isEqualTo(expected);
    }

    @Test
    void setsAreOfTheView() throws IOException {
        assertThat(found("2:3,5")).containsExactly(20L, 30L, 50L);
        assertThat(found("4:*")).containsExactly(40L, 50L);
        assertThat(found("9:*")).containsExactly(50L);
        assertThat(found("6:7")).isEmpty();
        assertThat(found("UID 15:40,60:*")).containsExactly(20L, 30L, 40L, 50L);
        assertThat(found("NOT 1:4")).containsExactly(50L);
        mailbox.expunge(List.of(20L));
        // The client counts it until it is told.
        assertThat(found("2:3")).containsExactly(30L);
    }

    @Test
    void whatTheClientDoesNotKnowIsNotFound() throws Exception {
        append();
        assertThat(found("ALL")).containsExactly(10L, 20L, 30L, 40L, 50L);
        assertThat(found("UID 1:*")).containsExactly(10L, 20L, 30L, 40L, 50L);
        mailbox.expunge(List.of(10L, 20L, 30L, 40L, 50L, 51L));
        view = new SelectedMailbox(mailbox, true);
        append();
        assertThat(found("ALL")).isEmpty();
        assertThat(found("1:*")).isEmpty();
        assertThat(found("UID *")).isEmpty();
    }

    @Test
    void recentIsWhatIsRecentHere() throws IOException {
        assertThat(mailbox.recentFrom(true)).isEqualTo(1);
        view = new SelectedMailbox(mailbox, true);
        assertThat(found("RECENT")).isEmpty();
        assertThat(found("OLD")).hasSize(5);
    }
}
