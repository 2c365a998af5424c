package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.HeaderSource;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxSearch;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.SearchPace;
import org.posthorn.mailbox.SearchQuery;
import org.posthorn.storage.Sqlite;

/** What the index keeps of headers is what the messages say, of every header there may be, and no file is opened for it. */
class KeptHeadersTest {
    private static final List<String> NAMES = List.of(
            "Date",
            "Subject",
            "From",
            "Sender",
            "Reply-To",
            "To",
            "Cc",
            "Bcc",
            "Message-ID",
            "In-Reply-To",
            "References");

    private static final String USUAL = """
            Received: from x by y; Mon, 30 Nov 2026 08:00:00 +0000
            Date: Mon, 30 Nov 2026 08:00:00 +0100
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
              =?utf-8?q?_aus?= Bern
            From: "A. Nna" <anna@x.test>
            Sender: carl@x.test
            Reply-To: d@x.test, e@x.test
            To: group: f@x.test, G <g@x.test>;, h@x.test
            Cc: <@relay.test:i@x.test>
            Bcc: j@x.test (J)
            Message-ID: <1@x.test>
            In-Reply-To: <0@x.test>
            References: <a@x.test>
            \t<0@x.test>
            X-Other: none

            body
            """;

    /** Headers that are kept. */
    private static final List<String> KEPT = List.of(
            crLf(USUAL),
            "Subject: one\r\nSubject: two\r\nFrom: a@x\r\nTo: b@x\r\nFrom: c@x\r\nTo:\r\nDate: x\r\nDate: y\r\n\r\n",
            "Subject: \u00e4\u00f6\u00ff\r\nFrom: \u00c3\u00a4 <\u00e4@x>\r\n\r\nbody",
            "Subject: =?utf-8?b?w6Q=?= =?x-unknown?q?=41?= =?utf-8?q?=C3\r\nTo: =?utf-8?q?=22a=22=2C?= <b@x>\r\n\r\n",
            "Subject:\r\n folded\r\n\t  \r\n again\r\nFrom:\r\n\t a@x\r\n ,\r\n b@x\r\n\r\n",
            "Subject:\r\nFrom: \r\nTo:\t\r\nDate:\r\nMessage-ID:\r\n\r\n",
            "Subject : spaced\r\nFROM\t: a@x\r\nsUbJeCt: cased\r\n\r\n",
            "Subject: a\r\nno field\r\n continued\r\nFrom: a@x\r\n: nor this\r\nTo: b@x\r\n\r\n",
            "Subject: a\0b\u0007\r\nFrom: a\rb@x\r\nTo: \"\\\0\" <c@x>\r\n\r\n",
            "Subject: not ended\r\nFrom: a@x",
            "Subject: a header alone\r\n",
            "From: " + "a,".repeat(3_950) + "\r\n\r\n",
            "From: " + "a@x, ".repeat(2_000) + "\r\nContent-Type: text/plain\r\n\r\n",
            "Subject: " + "x".repeat(16_373) + "\r\n\r\n",
            "X-Long: " + "x".repeat(15_000) + "\r\nSubject: after it\r\n\r\nbody\r\n");

    /** Headers of which the message must be read each time. */
    private static final List<String> READ = List.of(
            "X-Other: nothing to keep\r\n\r\nbody\r\n",
            "\r\nSubject: in the body\r\n",
            "",
            "Subject: " + "x".repeat(16_374) + "\r\n\r\n",
            "From: a@x\r\nTo: " + "someone@example.test, ".repeat(1_000) + "\r\n\r\n",
            "From: " + "a,".repeat(8_000) + "\r\nSubject: no room\r\n\r\n",
            "Content-Description: " + "x".repeat(20_000) + "\r\nFrom: " + "a,".repeat(3_950) + "\r\n\r\n",
            "X: y\r\n".repeat(10_001) + "Subject: too many fields\r\n\r\n",
            "X-Long: " + "x".repeat(300_000) + "\r\nSubject: too far\r\n\r\nbody\r\n");

    @TempDir
    Path root;

    private static final SearchPace FREE = new SearchPace() {
        @Override
        public void pause() {}

        @Override
        public Memory take(long octets) {
            return () -> {};
        }
    };

    private MaildirFixture maildir;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    private static String crLf(String text) {
        return text.replace("\n", "\r\n");
    }

    private long append(String text) throws Exception {
        try (Appender appender = maildir.mail().append(MailboxName.INBOX, Flags.NONE, Optional.empty(), 0)) {
            appender.write(text.getBytes(ISO_8859_1), 0, text.length());
            return appender.commit().uid();
        }
    }

    private static List<List<byte[]>> fields(Headers headers) {
        return NAMES.stream()
                .map(name -> headers.all(name).stream().map(FieldView::raw).toList())
                .toList();
    }

    private static HeaderSummary summary(String text) throws Exception {
        return MimeStructure.parse(MessageContent.of(text.getBytes(ISO_8859_1)))
                .summary()
                .orElseThrow();
    }

    private static Optional<Headers> find(Mailbox mailbox, long uid) throws Exception {
        return ((OpenMailbox) mailbox).headers().find(uid);
    }

    /** Checks both ways in which the index is asked. */
    private static void tells(Mailbox mailbox, long uid, String text, boolean kept) throws Exception {
        String of = text.substring(0, Math.min(60, text.length()));
        assertThat(mailbox.envelope(uid)).as(of).contains(summary(text));
        Optional<Headers> found = find(mailbox, uid);
        assertThat(found.isPresent()).as(of).isEqualTo(kept);
        if (kept) {
            assertThat(fields(found.orElseThrow()))
                    .as(of)
                    .usingRecursiveComparison()
                    .isEqualTo(fields(Headers.parse(text.getBytes(ISO_8859_1))));
        }
    }

    private void tellsAll(Mailbox mailbox, List<Long> uids) throws Exception {
        for (int i = 0; i < uids.size(); i++) {
            boolean kept = i < KEPT.size();
            tells(mailbox, uids.get(i), kept ? KEPT.get(i) : READ.get(i - KEPT.size()), kept);
        }
    }

    private static List<String> all() {
        return Stream.concat(KEPT.stream(), READ.stream()).toList();
    }

    @Test
    void whatIsAppendedIsKept() throws Exception {
        for (String text : all()) {
            append(text);
        }
        tellsAll(maildir.inbox(), MaildirFixture.uids(maildir.inbox()));
        maildir.restart();
        Mailbox inbox = maildir.inbox();
        List<Long> uids = MaildirFixture.uids(inbox);
        for (int i = 0; i < KEPT.size(); i++) {
            // Found in the index, no ENVELOPE has read it since.
            assertThat(find(inbox, uids.get(i))).as(KEPT.get(i)).isPresent();
        }
        tellsAll(inbox, uids);
    }

    @Test
    void whatOthersDeliverIsKeptOnceItIsRead() throws Exception {
        Path _ = MaildirFixture.foreignMaildir(root);
        int number = 0;
        for (String text : all()) {
            Files.write(maildir.maildir.resolve("cur/" + (1_000 + number++) + ".x:2,"), text.getBytes(ISO_8859_1));
        }
        Mailbox inbox = maildir.inbox();
        List<Long> uids = MaildirFixture.uids(inbox);
        for (long uid : uids) {
            assertThat(find(inbox, uid)).isEmpty();
        }
        tellsAll(inbox, uids);
        maildir.restart();
        tellsAll(maildir.inbox(), uids);
        assertThat(rows()).isEqualTo(all().size());
    }

    @Test
    void aSearchKeepsWhatItHasRead() throws Exception {
        Path _ = MaildirFixture.foreignMaildir(root);
        maildir.put("cur/1.x:2,", "Subject: bare\n folded\nFrom: a@x\n\nbody\n");
        Mailbox inbox = maildir.inbox();
        HeaderSource source = ((OpenMailbox) inbox).headers();
        assertThat(source.find(1)).isEmpty();
        source.found(1, Headers.read(inbox.content(1).orElseThrow()), true);
        tells(inbox, 1, "Subject: bare\r\n folded\r\nFrom: a@x\r\n\r\nbody\r\n", true);
    }

    /** Files that cannot be opened, nor what is in them be taken for what was there. */
    private void loseFiles() throws Exception {
        try (Stream<Path> files = Files.list(maildir.maildir.resolve("cur"))) {
            for (Path file : files.toList()) {
                Files.write(file, new byte[0]);
            }
        }
    }

    @Test
    void opensNoFile() throws Exception {
        List<String> texts =
                KEPT.stream().filter(text -> text.length() < 16_000).toList();
        for (String text : texts) {
            append(text);
        }
        Mailbox inbox = maildir.inbox();
        List<Long> uids = MaildirFixture.uids(inbox);
        loseFiles();
        for (int i = 0; i < texts.size(); i++) {
            tells(inbox, uids.get(i), texts.get(i), true);
        }
        assertThat(rows()).isEqualTo(texts.size());
    }

    @Test
    void whatIsKnownToBeTooLargeIsNotWrittenAgain() throws Exception {
        long uid = append("Subject: " + "x".repeat(16_374) + "\r\n\r\n");
        assertThat(maildir.inbox().envelope(uid).orElseThrow().subject()).isPresent();
        maildir.stop();
        assertThat(lengths()).containsExactly(1);
        maildir.open();
        Mailbox inbox = maildir.inbox();
        HeaderSource source = ((OpenMailbox) inbox).headers();
        assertThat(source.find(uid)).isEmpty();
        source.found(uid, Headers.parse("Subject: other\r\n\r\n".getBytes(UTF_8)), true);
        assertThat(find(inbox, uid)).isEmpty();
    }

    @Test
    void findsAgainWhatAnotherReleaseHasKept() throws Exception {
        String text = KEPT.getFirst();
        long uid = append(text);
        for (String other : new String[] {"x'02414243'", "x''", "zeroblob(16386)"}) {
            maildir.stop();
            sql("UPDATE header SET data = " + other);
            maildir.open();
            Mailbox inbox = maildir.inbox();
            assertThat(find(inbox, uid)).isEmpty();
            tells(inbox, uid, text, true);
        }
    }

    @Test
    void whatIsExpungedIsForgotten() throws Exception {
        long uid = append(KEPT.getFirst());
        append(KEPT.getFirst());
        Mailbox inbox = maildir.inbox();
        inbox.expunge(List.of(uid));
        assertThat(inbox.envelope(uid)).isEmpty();
        maildir.stop();
        assertThat(rows()).isEqualTo(1);
        maildir.open();
        maildir.inbox().expunge(MaildirFixture.uids(maildir.inbox()));
        maildir.stop();
        assertThat(rows()).isZero();
        maildir.open();
    }

    @Test
    void manyLargeHeadersAreReadInRuns() throws Exception {
        for (int i = 0; i < 100; i++) {
            append("Subject: " + i + "\r\nTo: " + "someone@example.test, ".repeat(700) + "\r\n\r\n");
        }
        Mailbox inbox = maildir.inbox();
        for (Message message : inbox.messages()) {
            assertThat(inbox.envelope(message.uid()).orElseThrow().subject()).contains("" + (message.uid() - 1));
        }
        maildir.restart();
        inbox = maildir.inbox();
        HeaderSource source = ((OpenMailbox) inbox).headers();
        for (Message message : inbox.messages()) {
            assertThat(source.find(message.uid()).orElseThrow().value("Subject"))
                    .contains("" + (message.uid() - 1));
        }
    }

    private static List<SearchQuery> queries(String text) {
        List<SearchQuery> queries = new ArrayList<>();
        for (String name : NAMES) {
            queries.add(new SearchQuery.Header(name, text));
            queries.add(new SearchQuery.Address(name, text));
        }
        return queries;
    }

    /** By the index, and by the messages alone. */
    @Test
    void aSearchFindsTheSameBothWays() throws Exception {
        for (String text : all()) {
            append(text);
        }
        Mailbox inbox = maildir.inbox();
        List<SearchQuery> queries = new ArrayList<>();
        for (String text :
                List.of("", "a@x", "gr\u00fc\u00dfe aus", "\u00e4", "=", "<", "folded", "x@", "x".repeat(4_000))) {
            queries.addAll(queries(text));
        }
        for (SearchQuery.Comparison comparison : SearchQuery.Comparison.values()) {
            queries.add(new SearchQuery.Sent(comparison, LocalDate.of(2026, 11, 30)));
        }
        queries.add(new SearchQuery.Or(new SearchQuery.Text("after it"), new SearchQuery.Header("X-Other", "")));
        int found = 0;
        for (SearchQuery query : queries) {
            List<Long> byMessages = MailboxSearch.run(inbox, HeaderSource.NONE, query, FREE);
            // The second time of what the first had to read.
            assertThat(inbox.search(query, FREE)).as("" + query).isEqualTo(byMessages);
            assertThat(inbox.search(query, FREE)).as("" + query).isEqualTo(byMessages);
            found += byMessages.size();
        }
        assertThat(found).isGreaterThan(100);
    }

    private Connection index() throws Exception {
        return Sqlite.open(maildir.index(), Sqlite.Durability.NORMAL);
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = index();
                Statement update = connection.createStatement()) {
            update.execute(statement);
        }
    }

    private List<Integer> lengths() throws Exception {
        try (Connection connection = index();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT length(data) FROM header")) {
            Stream.Builder<Integer> lengths = Stream.builder();
            while (result.next()) {
                lengths.add(result.getInt(1));
            }
            return lengths.build().toList();
        }
    }

    private int rows() throws Exception {
        maildir.stop();
        int rows = lengths().size();
        maildir.open();
        return rows;
    }
}
