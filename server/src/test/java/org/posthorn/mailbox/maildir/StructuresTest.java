package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.storage.Sqlite;

/** Structures that the index keeps are bounded in octets, and of those that lie there already the large ones are not read. */
class StructuresTest {
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

    private long append(int described) throws Exception {
        return maildir.append(
                "INBOX", "Content-Description: " + "x".repeat(described) + "\r\n\r\nbody\r\n", Flags.NONE);
    }

    private static String description(Mailbox mailbox, long uid) throws Exception {
        return mailbox.structure(uid).orElseThrow().description().orElse("");
    }

    private Connection index() throws Exception {
        return Sqlite.open(maildir.index(), Sqlite.Durability.NORMAL);
    }

    private int kept() throws Exception {
        try (Connection connection = index();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM structure")) {
            return result.getInt(1);
        }
    }

    @Test
    void keepsSmallStructuresOnly() throws Exception {
        long small = append(65_000);
        long large = append(65_536);
        Mailbox inbox = maildir.inbox();
        assertThat(description(inbox, small)).hasSize(65_000);
        assertThat(description(inbox, large)).hasSize(65_536);
        maildir.stop();

        assertThat(kept()).isEqualTo(1);
        maildir.open();
        inbox = maildir.inbox();
        assertThat(description(inbox, small)).hasSize(65_000);
        assertThat(description(inbox, large)).hasSize(65_536);
    }

    @Test
    void findsAgainWhatAnOlderServerHasKept() throws Exception {
        long uid = append(10);
        assertThat(description(maildir.inbox(), uid)).hasSize(10);
        maildir.stop();
        for (String old : new String[] {"zeroblob(4000000)", "x'0105'"}) {
            try (Connection connection = index();
                    Statement statement = connection.createStatement()) {
                statement.execute("UPDATE structure SET data = " + old);
            }
            maildir.open();
            assertThat(description(maildir.inbox(), uid)).hasSize(10);
            maildir.stop();
        }
        maildir.open();
    }

    @Test
    void readsRunsOfBoundedSize() throws Exception {
        for (int i = 0; i < 20; i++) {
            append(60_000);
        }
        Mailbox inbox = maildir.inbox();
        for (long uid : MaildirFixture.uids(inbox)) {
            assertThat(description(inbox, uid)).hasSize(60_000);
        }
        // over a mebibyte that is not saved yet they are not kept, and found again
        maildir.restart();
        inbox = maildir.inbox();
        for (long uid : MaildirFixture.uids(inbox)) {
            assertThat(description(inbox, uid)).hasSize(60_000);
        }
        maildir.stop();
        assertThat(kept()).isBetween(10, 20);
        maildir.open();
    }
}
