package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;

/** Sessions that change one mailbox under each other's hands: every response is whole, and every command is answered. */
class SharedMailboxTest {
    private static final int SESSIONS = 8;
    private static final int COMMANDS = 150;
    /** A FETCH response that ends as it should, whatever literals are in it. */
    private static final Pattern WHOLE = Pattern.compile("\\* \\d+ FETCH \\(.*\\)", Pattern.DOTALL);

    @TempDir
    Path directory;

    private ImapFixture server() throws Exception {
        MaildirConfig config = new MaildirConfig(directory, "test", 100, 100, 30_000_000, false);
        return ImapFixture.plain(new MaildirStore(config, MailLog.none(), Clock.systemUTC()));
    }

    private static ImapClient login(ImapFixture server) throws Exception {
        ImapClient client = server.connect();
        client.response();
        client.ok("LOGIN alice secret");
        return client;
    }

    private static String append(String mailbox, String text) {
        return "APPEND " + mailbox + " {" + text.length() + "+}\r\n" + text;
    }

    /** RFC 3501 6.4.6: .SILENT spares the client what it did itself, not what others did. */
    @Test
    void aSilentStoreHidesNoChangeOfAnotherSession() throws Exception {
        try (ImapFixture server = server();
                ImapClient one = login(server);
                ImapClient other = login(server)) {
            one.ok(append("INBOX", "a: b\r\n\r\n"));
            one.ok("SELECT INBOX");
            other.ok("SELECT INBOX");
            other.ok("STORE 1 +FLAGS.SILENT (\\Answered)");

            assertThat(one.command("STORE 1 +FLAGS.SILENT (\\Seen)"))
                    .containsExactly("* 1 FETCH (FLAGS (\\Seen \\Answered \\Recent))", "x OK STORE completed");
            assertThat(one.command("STORE 1 +FLAGS.SILENT (\\Draft)")).containsExactly("x OK STORE completed");
        }
    }

    /** RFC 3501 7.4.1: what may not be told while numbers count is told later, and nothing of it gets lost meanwhile. */
    @Test
    void removalsThatCouldNotBeToldAreToldTogether() throws Exception {
        try (ImapFixture server = server();
                ImapClient one = login(server);
                ImapClient other = login(server)) {
            for (int i = 0; i < 4; i++) {
                one.ok(append("INBOX", "a: b\r\n\r\n"));
            }
            one.ok("SELECT INBOX");
            other.ok("SELECT INBOX");
            for (int i = 0; i < 2; i++) {
                other.ok("STORE 2 +FLAGS.SILENT (\\Deleted)");
                other.ok("EXPUNGE");
                assertThat(one.ok("FETCH 4 UID")).contains("* 4 FETCH (UID 4)").noneMatch(r -> r.endsWith("EXPUNGE"));
            }
            assertThat(one.ok("NOOP"))
                    .filteredOn(response -> response.endsWith("EXPUNGE"))
                    .containsExactly("* 2 EXPUNGE", "* 2 EXPUNGE");
            assertThat(one.ok("FETCH 1:2 UID")).contains("* 1 FETCH (UID 1)", "* 2 FETCH (UID 4)");
        }
    }

    @Test
    void keywordsAreToldWhereTheMailboxIsSelected() throws Exception {
        try (ImapFixture server = server();
                ImapClient one = login(server);
                ImapClient other = login(server)) {
            one.ok(append("INBOX", "a: b\r\n\r\n"));
            one.ok("SELECT INBOX");
            String all = "\\Answered \\Flagged \\Deleted \\Seen \\Draft Work";
            // RFC 3501 7.2.6: before the flags that use them.
            assertThat(one.ok("STORE 1 +FLAGS (Work)").getFirst()).isEqualTo("* FLAGS (" + all + ")");
            assertThat(other.ok("SELECT INBOX"))
                    .contains("* FLAGS (" + all + ")", "* OK [PERMANENTFLAGS (" + all + " \\*)] Flags that are kept");
            assertThat(other.ok("EXAMINE INBOX"))
                    .contains("* FLAGS (" + all + ")", "* OK [PERMANENTFLAGS ()] Flags that are kept");
            assertThat(other.ok("FETCH 1 FLAGS")).contains("* 1 FETCH (FLAGS (Work))");
        }
    }

    @Test
    @Tag("long")
    @Timeout(300)
    void everyCommandOfManySessionsIsAnswered() throws Exception {
        try (ImapFixture server = server();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                long seed = i;
                sessions.add(threads.submit(() -> {
                    play(server, new Random(seed));
                    return true;
                }));
            }
            for (Future<?> session : sessions) {
                session.get();
            }
        }
    }

    private static void play(ImapFixture server, Random random) throws Exception {
        try (ImapClient client = login(server)) {
            client.ok("SELECT INBOX");
            for (int i = 0; i < COMMANDS; i++) {
                String command = command(random);
                List<String> responses = client.command(command);
                assertThat(responses.getLast()).as(command).startsWith("x ").doesNotContain("SERVERBUG", "UNAVAILABLE");
                assertThat(responses.getLast().startsWith("x BAD No such message")
                                || !responses.getLast().startsWith("x BAD"))
                        .as(command + ": " + responses.getLast())
                        .isTrue();
                for (String response : responses) {
                    if (response.contains(" FETCH (")) {
                        assertThat(response).as(command).matches(WHOLE);
                    }
                }
            }
        }
    }

    private static String command(Random random) {
        int at = 1 + random.nextInt(5);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 ->
                append("INBOX", "Subject: " + random.nextInt() + "\r\n\r\nbody\r\n".repeat(1 + random.nextInt(50)));
            case 3 -> "STORE " + at + " +FLAGS (\\Deleted)";
            case 4 -> "EXPUNGE";
            case 5 -> "COPY " + at + " INBOX";
            case 6 -> "UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])";
            case 7 -> "FETCH 1:* (BODY.PEEK[] BODY.PEEK[HEADER] ENVELOPE)";
            case 8 -> "UID FETCH 1:* (BODY[TEXT] BODYSTRUCTURE)";
            default -> "NOOP";
        };
    }

    @Test
    void aSlowReaderGetsTheWholeMessageThatAnotherExpunges() throws Exception {
        try (ImapFixture server = server();
                ImapClient slow = login(server);
                ImapClient other = login(server)) {
            String text =
                    "Subject: race\r\n\r\n" + "y".repeat(70).concat("\r\n").repeat(13_000);
            slow.ok(append("INBOX", text));
            slow.ok("SELECT INBOX");
            other.ok("SELECT INBOX");
            slow.send("c FETCH 1 (BODY.PEEK[] BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT])\r\n");
            String begun = slow.line();
            other.ok("STORE 1 +FLAGS.SILENT (\\Deleted)");
            other.ok("EXPUNGE");
            assertThat(begun).endsWith("BODY[] {" + text.length() + "}");
            String rest = slow.line();
            StringBuilder all = new StringBuilder(rest);
            while (!rest.startsWith("c ")) {
                rest = slow.line();
                all.append(rest).append('\n');
            }
            assertThat(all).contains("BODY[HEADER.FIELDS (SUBJECT)] {17}", "BODY[TEXT] {");
            assertThat(rest).startsWith("c OK");
        }
    }

    /** Who may not claim them sees the same messages as recent again and again, but each is one. */
    @Test
    void whoOnlyLooksCountsRecentMessagesOnce() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server);
                ImapClient other = login(server)) {
            other.ok(append("INBOX", "Subject: 1\r\n\r\n1\r\n"));
            assertThat(client.ok("EXAMINE INBOX")).contains("* 1 EXISTS", "* 1 RECENT");
            for (int i = 2; i < 5; i++) {
                other.ok(append("INBOX", "Subject: x\r\n\r\nx\r\n"));
                assertThat(client.ok("NOOP")).contains("* " + i + " EXISTS", "* " + i + " RECENT");
            }
        }
    }

    /** RFC 3501 3: only what succeeds leaves the selected state. */
    @Test
    void aDeleteThatIsRefusedLeavesTheMailboxSelected() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server);
                ImapClient other = login(server)) {
            client.ok("SELECT INBOX");
            assertThat(client.command("DELETE INBOX").getLast()).startsWith("x NO [CANNOT]");
            client.ok("CHECK");
            client.ok("CREATE Work");
            client.ok("SELECT Work");
            other.ok("DELETE Work");
            assertThat(client.command("DELETE Work").getLast()).startsWith("x NO [NONEXISTENT]");
            client.ok("CHECK");
        }
    }

    /** RFC 3501 6.4.8: a UID that nobody has is no error, a number that nobody has is one. */
    @Test
    void whatIsNotThereIsNotCopied() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server)) {
            client.ok(append("INBOX", "a: b\r\n\r\n"));
            client.ok("SELECT INBOX");
            assertThat(client.command("COPY 2 INBOX")).containsExactly("x BAD No such message");
            assertThat(client.command("UID COPY 2 INBOX")).containsExactly("x OK No messages to copy");
            assertThat(client.command("MOVE 2 INBOX")).containsExactly("x BAD No such message");
            assertThat(client.command("UID MOVE 2 INBOX")).containsExactly("x OK No messages to move");
            assertThat(client.command("STORE 2 FLAGS ()")).containsExactly("x BAD No such message");
            assertThat(client.command("UID STORE 2 FLAGS ()")).containsExactly("x OK STORE completed");
        }
    }

    /** RFC 3691: as CLOSE, and nothing is removed. */
    @Test
    void unselectLeavesTheMailboxAsItIs() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server)) {
            client.ok(append("INBOX", "a: b\r\n\r\n"));
            client.ok("SELECT INBOX");
            client.ok("STORE 1 +FLAGS (\\Deleted)");
            client.ok("UNSELECT");
            assertThat(client.command("CHECK")).containsExactly("x BAD No mailbox selected");
            assertThat(client.ok("SELECT INBOX")).contains("* 1 EXISTS");
        }
    }

    @Test
    void aDeleteOfAnotherMailboxLeavesTheMailboxSelected() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server)) {
            client.ok("CREATE Work");
            client.ok("SELECT INBOX");
            client.ok("DELETE Work");
            client.ok("CHECK");
        }
    }

    /** Under whatever name it has by then. */
    @Test
    void aMailboxThatWasDeletedByItsOwnSessionIsNoLongerSelected() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server);
                ImapClient other = login(server)) {
            client.ok("CREATE Work");
            client.ok("SELECT Work");
            other.ok("RENAME Work Play");
            client.ok("CHECK");
            client.ok("DELETE Play");
            assertThat(client.command("CHECK").getLast()).isEqualTo("x BAD No mailbox selected");
        }
    }

    @Test
    void nulInAMessageIsSentAs80() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server)) {
            client.ok(append("INBOX", "Subject: nul\r\n\r\na\0b\r\n"));
            client.ok("SELECT INBOX");
            assertThat(client.ok("FETCH 1 BODY.PEEK[TEXT]").getFirst()).contains("{5}\r\na\u0080b\r\n");
        }
    }

    @Test
    void aDayOfOneDigitIsTaken() throws Exception {
        try (ImapFixture server = server();
                ImapClient client = login(server)) {
            for (String day : List.of("3", " 3", "03")) {
                client.ok("APPEND INBOX \"" + day + "-Feb-2025 18:28:47 +0000\" {17+}\r\nSubject: d\r\n\r\nx\r\n");
            }
            client.ok("SELECT INBOX");
            List<String> dates = client.ok("FETCH 1:* INTERNALDATE");
            assertThat(dates.subList(0, 3)).allMatch(d -> d.contains("INTERNALDATE \" 3-Feb-2025 18:28:47 +0000\""));
        }
    }
}
