package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;

/** What a client hears where the disk has no room (RFC 5530 3): OVERQUOTA, before it has sent its message. */
class FullDiskTest {
    private static final String MESSAGE = "Subject: x\r\n\r\nx\r\n";

    @TempDir
    Path directory;

    private ImapFixture server(long reserve) throws Exception {
        MaildirConfig config = new MaildirConfig(directory, "test", 100, 100, 1_000, 1_000, 1_000_000, reserve, false);
        return ImapFixture.plain(new MaildirStore(config, MailLog.none(), Clock.systemUTC()));
    }

    @BeforeEach
    void fill() throws Exception {
        try (ImapFixture server = server(0);
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
        }
    }

    private static void assertNoRoom(ImapClient client, String command) throws Exception {
        List<String> responses = client.command(command);
        assertThat(responses).hasSize(1);
        assertThat(responses.getFirst()).startsWith("x NO [OVERQUOTA] ");
    }

    @Test
    void aMessageIsRefusedInsteadOfAskedFor() throws Exception {
        try (ImapFixture server = server(Long.MAX_VALUE / 4);
                ImapClient client = server.connect().login("alice")) {
            assertNoRoom(client, "APPEND INBOX {100}");
            // Who does not wait has sent it, and goes on behind it.
            assertNoRoom(client, "APPEND INBOX {" + MESSAGE.length() + "+}\r\n" + MESSAGE);
            client.ok("NOOP");
        }
    }

    @Test
    void aMessageOverTheLimitIsRefusedInsteadOfAskedFor() throws Exception {
        try (ImapFixture server = server(0);
                ImapClient client = server.connect().login("alice")) {
            assertThat(client.command("APPEND INBOX {1000001}"))
                    .hasSize(1)
                    .allMatch(r -> r.startsWith("x NO [TOOBIG]"));
            client.send("a APPEND INBOX {1000000}\r\n");
            assertThat(client.line()).startsWith("+ ");
        }
    }

    @Test
    void namesAreRefusedAndWhatMakesRoomIsNot() throws Exception {
        try (ImapFixture server = server(Long.MAX_VALUE / 4);
                ImapClient client = server.connect().login("alice")) {
            client.ok("SELECT INBOX");
            assertNoRoom(client, "CREATE Other");
            assertNoRoom(client, "SUBSCRIBE Other");
            assertNoRoom(client, "COPY 1 Sent");
            assertNoRoom(client, "MOVE 1 Sent");
            client.ok("UNSUBSCRIBE Sent");
            client.ok("STORE 1 +FLAGS (\\Deleted)");
            client.ok("EXPUNGE");
            client.ok("DELETE Sent");
        }
    }
}
