package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.mailbox.maildir.MaildirFixture.text;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.Message;

/** The index and the list of UIDs may be lost, one by one or both; no UID may ever name another message. */
class IndexLossTest {
    @TempDir
    Path root;

    private MaildirFixture maildir;
    private long validity;
    private Map<Long, String> before;
    private long nextBefore;
    private long modSeqBefore;

    @BeforeEach
    void fill() throws Exception {
        maildir = new MaildirFixture(root);
        for (int i = 0; i < 10; i++) {
            maildir.deliver("A000000000" + i);
        }
        Mailbox inbox = maildir.inbox();
        inbox.store(
                uids(inbox).subList(2, 4), new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.SEEN, Set.of("Work"))));
        inbox.expunge(uids(inbox).subList(8, 10));
        inbox.expunge(uids(inbox).subList(0, 1));
        validity = inbox.uidValidity();
        before = texts(inbox);
        nextBefore = inbox.uidNext();
        modSeqBefore = inbox.highestModSeq();
        maildir.stop();
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    private static Map<Long, String> texts(Mailbox mailbox) throws Exception {
        Map<Long, String> texts = new TreeMap<>();
        for (Message message : mailbox.messages()) {
            texts.put(message.uid(), text(mailbox, message.uid()));
        }
        return texts;
    }

    private void loseIndex() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(maildir.index().resolveSibling("index.db" + suffix));
        }
    }

    /** In microseconds: what a crash skips is made up for in seconds, so that the time is above it when the index is lost later. */
    @Test
    void changesAreCountedFromTheTimeOn() {
        long now = System.currentTimeMillis();
        assertThat(modSeqBefore).isBetween((now - 600_000) * 1000, (now + 600_000) * 1000);
    }

    private void loseList() throws IOException {
        Files.delete(maildir.maildir.resolve("dovecot-uidlist"));
    }

    private void assertUnchanged() throws Exception {
        Mailbox inbox = maildir.inbox();
        assertThat(inbox.uidValidity()).isEqualTo(validity);
        assertThat(texts(inbox)).isEqualTo(before);
        assertThat(inbox.uidNext()).isGreaterThanOrEqualTo(nextBefore);
        assertThat(inbox.highestModSeq()).isGreaterThanOrEqualTo(modSeqBefore);
        assertThat(inbox.message(uids(inbox).get(1)).orElseThrow().flags())
                .isEqualTo(new Flags(Flags.SEEN, Set.of("Work")));
        maildir.deliver("B0000000000");
        assertThat(maildir.inbox().messages().getLast().uid()).isGreaterThanOrEqualTo(nextBefore);
    }

    @Test
    void nothingLost() throws Exception {
        maildir.open();
        assertUnchanged();
        assertThat(maildir.inbox().messages().getLast().uid()).isEqualTo(nextBefore);
    }

    @Test
    void lostIndexIsRebuiltWithTheSameUids() throws Exception {
        loseIndex();
        maildir.open();
        assertUnchanged();
    }

    @Test
    void indexThatIsNoDatabaseIsPutAsideAndRebuilt() throws Exception {
        loseIndex();
        Files.writeString(maildir.index(), "this is not a database, but long enough to look at ".repeat(100));
        maildir.open();
        assertUnchanged();
        assertThat(maildir.index().resolveSibling("index.db.damaged")).exists();
    }

    @Test
    void damagedPagesAreNoticedAndTheIndexIsRebuilt() throws Exception {
        byte[] bytes = Files.readAllBytes(maildir.index());
        for (int i = 4096; i < bytes.length; i++) {
            bytes[i] = (byte) 0xa5;
        }
        Files.write(maildir.index(), bytes);
        maildir.open();
        assertUnchanged();
        maildir.restart();
        assertThat(maildir.inbox().messages()).hasSize(before.size() + 1);
    }

    @Test
    void indexOfAnotherVersionIsLeftAsItIs() throws Exception {
        try (var connection = org.posthorn.storage.Sqlite.open(
                        maildir.index(), org.posthorn.storage.Sqlite.Durability.NORMAL);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> {
                    maildir.open();
                    maildir.inbox();
                })
                .hasStackTraceContaining("UnknownFormatException")
                .hasStackTraceContaining("version 99");
        assertThat(maildir.index().resolveSibling("index.db.damaged")).doesNotExist();
    }

    @Test
    void lostListIsWrittenAgainFromTheIndex() throws Exception {
        loseList();
        maildir.open();
        assertUnchanged();
        assertThat(maildir.maildir.resolve("dovecot-uidlist")).exists();
    }

    @Test
    void tornListIsCompletedFromTheIndex() throws Exception {
        Path list = maildir.maildir.resolve("dovecot-uidlist");
        byte[] bytes = Files.readAllBytes(list);
        Files.write(list, java.util.Arrays.copyOf(bytes, bytes.length - 30));
        maildir.open();
        assertUnchanged();
    }

    @Test
    void listOfZeroOctetsIsALostOne() throws Exception {
        Files.write(maildir.maildir.resolve("dovecot-uidlist"), new byte[500]);
        maildir.open();
        assertUnchanged();
    }

    @Test
    void withBothLostTheMailboxIsNewToItsClients() throws Exception {
        loseIndex();
        loseList();
        // UIDVALIDITY has whole seconds: the clock must have moved on since the mailbox was made.
        while (System.currentTimeMillis() / 1000 <= validity) {
            Thread.onSpinWait();
        }
        maildir.open();
        Mailbox inbox = maildir.inbox();
        assertThat(inbox.uidValidity()).isGreaterThan(validity);
        assertThat(texts(inbox).values()).containsExactlyInAnyOrderElementsOf(before.values());
        assertThat(uids(inbox)).isSorted();
    }

    private void sql(String statement) throws Exception {
        try (var connection = org.posthorn.storage.Sqlite.open(
                        maildir.index(), org.posthorn.storage.Sqlite.Durability.NORMAL);
                var update = connection.createStatement()) {
            update.execute(statement);
        }
    }

    @Test
    void afterAPowerLossNumbersGoOnAboveTheCeilings() throws Exception {
        maildir.open();
        Path list = maildir.maildir.resolve("dovecot-uidlist");
        byte[] oldList = Files.readAllBytes(list);
        maildir.deliver("B0000000000");
        Mailbox inbox = maildir.inbox();
        long lost = inbox.messages().getLast().uid();
        long modSeqLost = inbox.store(List.of(lost), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)))
                .getFirst()
                .modSeq();
        Path file;
        try (var files = Files.list(maildir.maildir.resolve("cur"))) {
            file = files.filter(path -> path.toString().contains("QB0000000000"))
                    .findFirst()
                    .orElseThrow();
        }
        maildir.stop();
        // The disk forgets what was not synced: the last lines, the last rows, a file's content.
        Files.write(list, oldList);
        sql("DELETE FROM message WHERE uid = " + lost);
        sql("UPDATE mailbox SET uid_next = " + lost + ", mod_seq = " + modSeqBefore
                + ", boot = 'earlier', run = 'earlier'");
        sql("DELETE FROM account WHERE key = 'mod_seq'");
        Files.writeString(file, "Subj");
        maildir.open();
        Mailbox again = maildir.inbox();
        assertThat(again.uidValidity()).isEqualTo(validity);
        assertThat(texts(again)).isEqualTo(before);
        assertThat(again.uidNext()).isGreaterThan(lost);
        assertThat(again.highestModSeq()).isGreaterThan(modSeqLost);
        // The queue delivers again what it had not seen become durable.
        maildir.store()
                .deliver(
                        MaildirFixture.ALICE,
                        org.posthorn.mailbox.MailboxName.INBOX,
                        "B0000000000",
                        new byte[0],
                        org.posthorn.mail.MessageContent.of(
                                "Subject: again\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                        System.currentTimeMillis(),
                        Flags.NONE,
                        true);
        Message last = maildir.inbox().messages().getLast();
        assertThat(last.uid()).isGreaterThan(lost);
        assertThat(text(maildir.inbox(), last.uid())).startsWith("Subject: again");
    }

    @Test
    void indexThatIsLostWhileOpenIsWrittenAgain() throws Exception {
        maildir.open();
        Mailbox inbox = maildir.inbox();
        Files.write(maildir.index(), new byte[8192]);
        inbox.store(uids(inbox), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.FLAGGED)));
        maildir.deliver("B0000000001");
        assertThat(maildir.inbox().messages()).hasSize(before.size() + 1);
        maildir.restart();
        Mailbox again = maildir.inbox();
        assertThat(again.uidValidity()).isEqualTo(validity);
        assertThat(texts(again)).containsAllEntriesOf(before).hasSize(before.size() + 1);
    }
}
