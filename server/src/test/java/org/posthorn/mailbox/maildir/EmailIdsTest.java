package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.ChangeFeed;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.testing.Eventually;

/** Ids come from the names of files, and the feed tells of mailboxes that nobody has open. */
class EmailIdsTest {
    private static final MailboxName SENT = MailboxName.parse("Sent", '/');

    @TempDir
    Path root;

    private MaildirFixture maildir;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    private static EmailId only(Mailbox mailbox) {
        return mailbox.emailId(MaildirFixture.uids(mailbox).getFirst()).orElseThrow();
    }

    private void loseIndex() throws Exception {
        maildir.stop();
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(maildir.index().resolveSibling("index.db" + suffix));
        }
        maildir.open();
    }

    @Test
    void anIdIsInTheNameOrIsMadeOfIt() {
        String base = "1700000000.QA1.host,S=5,W=5";
        EmailId id = FileName.emailId(base);
        // Pinned: clients keep it.
        assertThat(id.text()).isEqualTo("m3cb81a06c3a18aa216d5ef076c45dc64").hasSize(33);
        assertThat(FileName.emailId("1700000000.QA1.host,S=5,W=6")).isNotEqualTo(id);
        String moved = FileName.withId("1700000009.QA1-x.host,S=5,W=5", id);
        assertThat(moved).isEqualTo("1700000009.QA1-x.host,S=5,W=5,I=" + id.text());
        assertThat(FileName.emailId(moved)).isEqualTo(id);
        assertThat(new FileName(moved, "2,").fileSize()).hasValue(5);
        assertThat(new FileName(moved, "2,").key()).isEqualTo("QA1");
        assertThat(FileName.emailId(moved + ",X=1")).isEqualTo(id);
        // 221 octets, and 34 for all flags.
        String longest = "1.x." + "h".repeat(181);
        assertThat(FileName.withId(longest, id)).hasSize(221).endsWith(id.text());
        assertThat(FileName.withId(longest + "h", id)).isEqualTo(longest + "h");
        // A second file of that name is another message.
        assertThat(FileName.emailId(new FileName(moved, "").distinct("2").base()))
                .isNotEqualTo(id);
        assertThat(FileName.emailId(
                        new FileName(moved + ",X=1", "").distinct("2").base()))
                .isNotEqualTo(id);
    }

    @Test
    void whatIsNoIdIsAName() {
        String id = "m00112233445566778899aabbccddeeff";
        assertThat(FileName.emailId("1.x.host,I=" + id).text()).isEqualTo(id);
        for (String other : List.of(
                id.substring(1),
                id + "0",
                id.toUpperCase(java.util.Locale.ROOT),
                "m" + "g".repeat(32),
                "x" + id.substring(1))) {
            assertThat(FileName.emailId("1.x.host,I=" + other).text()).isNotEqualTo(id);
        }
    }

    @Test
    void idsSurviveTheLossOfTheIndexAndAMoveByAnotherProgram() throws Exception {
        maildir.deliver("A0000000001");
        EmailId id = only(maildir.inbox());
        Mailbox inbox = maildir.inbox();
        inbox.move(MaildirFixture.uids(inbox), SENT);
        loseIndex();
        assertThat(only(maildir.select("Sent"))).isEqualTo(id);
        maildir.stop();
        Path file = maildir.onlyFile(".Sent/cur");
        Files.move(file, maildir.maildir.resolve(".Trash/cur").resolve(file.getFileName()));
        maildir.open();
        assertThat(only(maildir.select("Trash"))).isEqualTo(id);
    }

    @Test
    void theFeedSeesWhatOthersDoInMailboxesThatNobodyHasOpen() throws Exception {
        ChangeFeed feed = maildir.mail().changes();
        long start = feed.modSeq();
        maildir.put(".Sent/cur/1.other.host:2,S", "Subject: x\n\n");
        Files.createDirectories(maildir.maildir.resolve(".Foreign/cur"));
        // It looks once a second.
        Eventually.await(() -> changes(feed, start).size() >= 2);
        List<Change> changes = changes(feed, start);
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0)).isEqualTo(new Change.MailboxCreated(start + 1, MailboxName.parse("Foreign", '/')));
        assertThat(changes.get(1)).isEqualTo(new Change.Added(start + 2, SENT, 1, FileName.emailId("1.other.host")));
    }

    private static List<Change> changes(ChangeFeed feed, long point) {
        try {
            return feed.since(point).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also where the server was down meanwhile: the number is that of before, and the change has a higher one. */
    @Test
    void theFeedSeesWhatOthersDidWhileTheServerWasDown() throws Exception {
        maildir.append("Sent", "Subject: x\r\n\r\n", Flags.NONE);
        long last = maildir.mail().changes().modSeq();
        maildir.stop();
        Path file = maildir.onlyFile(".Sent/cur");
        Files.delete(file);
        maildir.open();
        List<Change> changes = maildir.mail().changes().since(last).orElseThrow();
        assertThat(changes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.Expunged.class,
                        gone -> assertThat(Map.of(gone.mailbox(), gone.uid())).isEqualTo(Map.of(SENT, 1L)));
    }
}
