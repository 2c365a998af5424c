package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.storage.Sqlite;

/** What the index knows of a message goes along with it: header fields and structure of a copy come from there, although its file cannot be read. */
class InheritanceTest {
    private static final MailboxName SENT = MailboxName.parse("Sent", '/');
    private static final MailboxName TRASH = MailboxName.parse("Trash", '/');
    private static final String TEXT = "Subject: mine\r\nFrom: a@x.test\r\n\r\nbody\r\n";

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

    /** Whoever reads a file from now on finds another header. */
    private void falsify() throws Exception {
        try (Stream<Path> files = Files.walk(maildir.maildir)) {
            for (Path file : files.filter(each -> each.getParent().endsWith("cur") && Files.isRegularFile(each))
                    .toList()) {
                Files.writeString(file, TEXT.replace("mine", "read"));
            }
        }
    }

    private void assertKnown(String folder, long uid) throws Exception {
        Mailbox mailbox = maildir.select(folder);
        assertThat(mailbox.envelope(uid).orElseThrow().subject())
                .as("header of " + folder)
                .contains("mine");
        assertThat(mailbox.structure(uid).orElseThrow().summary().orElseThrow().subject())
                .as("structure in " + folder)
                .contains("mine");
    }

    private long appended() throws Exception {
        long uid = maildir.append("INBOX", TEXT, Flags.NONE);
        // Finds the structure, which is kept from here on.
        assertKnown("INBOX", uid);
        return uid;
    }

    /** What is unsaved at that moment goes along, and what the index has. */
    private void copyAndMove(long uid) throws Exception {
        Mailbox inbox = maildir.inbox();
        long copy = inbox.copy(List.of(uid), SENT).to().getFirst();
        long here = inbox.copy(List.of(uid), MailboxName.INBOX).to().getFirst();
        long moved = inbox.move(List.of(uid), SENT).to().getFirst();
        long within = inbox.move(List.of(here), MailboxName.INBOX).to().getFirst();
        long copyOfCopy = maildir.select("Sent").copy(List.of(copy), TRASH).to().getFirst();
        long movedOn = maildir.select("Sent").move(List.of(moved), TRASH).to().getFirst();
        falsify();
        assertKnown("Sent", copy);
        assertKnown("INBOX", within);
        assertKnown("Trash", copyOfCopy);
        assertKnown("Trash", movedOn);
        maildir.restart();
        falsify();
        assertKnown("Sent", copy);
        assertKnown("INBOX", within);
        assertKnown("Trash", copyOfCopy);
        assertKnown("Trash", movedOn);
        maildir.stop();
        assertThat(rows("header")).isEqualTo(4);
        assertThat(rows("structure")).isEqualTo(4);
    }

    private int rows(String table) throws Exception {
        try (Connection connection = Sqlite.open(maildir.index(), Sqlite.Durability.NORMAL);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    @Test
    void whatTheIndexHasNotBeenToldGoesAlong() throws Exception {
        copyAndMove(appended());
    }

    @Test
    void whatTheIndexHasGoesAlong() throws Exception {
        long uid = appended();
        maildir.restart();
        copyAndMove(uid);
    }

    @Test
    void whatIsNotKnownIsReadAsBefore() throws Exception {
        maildir.deliver("A0000000001");
        Mailbox inbox = maildir.inbox();
        long copy = inbox.copy(MaildirFixture.uids(inbox), SENT).to().getFirst();
        assertThat(maildir.select("Sent").envelope(copy).orElseThrow().subject())
                .isEqualTo(Optional.of("A0000000001"));
        // Removed with its rows, when it did not move.
        inbox.expunge(MaildirFixture.uids(inbox));
        maildir.select("Sent").expunge(List.of(copy));
        maildir.stop();
        assertThat(rows("header")).isZero();
        assertThat(rows("message")).isZero();
    }
}
