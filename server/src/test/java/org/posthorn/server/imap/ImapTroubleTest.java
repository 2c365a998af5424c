package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.net.TlsContext;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.SelfSigned;

/** Sessions whose disk, clients or passwords fail them, and what is said of them. */
class ImapTroubleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FailingStore store = new FailingStore();

    private static ImapConfig config(Duration loginDelay, Duration idle, Duration notice) {
        return new ImapConfig("posthorn.test", 1_000_000, 20, 3, loginDelay, MINUTE, idle, notice, true);
    }

    private ImapFixture serve() throws IOException {
        return serve(config(Duration.ZERO, MINUTE, MINUTE));
    }

    private ImapFixture serve(ImapConfig config) throws IOException {
        return new ImapFixture(store, config, Optional.empty(), Optional.empty());
    }

    private static void awaitLine(ImapFixture server, String part) throws InterruptedException {
        Eventually.await(() -> server.log.lines().stream().anyMatch(line -> line.contains(part)));
    }

    @Test
    void hasTheDocumentedLimits() {
        assertThat(ImapConfig.defaults("h"))
                .isEqualTo(new ImapConfig(
                        "h",
                        104_857_600,
                        20,
                        3,
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(2),
                        false,
                        '/',
                        Duration.ofSeconds(30)));
        assertThat(limited(1, 1, 1, '.').separator()).isEqualTo('.');
        assertThatIllegalArgumentException().isThrownBy(() -> limited(0, 1, 1, '/'));
        assertThatIllegalArgumentException().isThrownBy(() -> limited(1, 0, 1, '/'));
        assertThatIllegalArgumentException().isThrownBy(() -> limited(1, 1, 0, '/'));
        assertThatIllegalArgumentException().isThrownBy(() -> limited(1, 1, 1, '-'));
    }

    private static ImapConfig limited(long size, int bad, int failures, char separator) {
        return new ImapConfig("h", size, bad, failures, MINUTE, MINUTE, MINUTE, MINUTE, true, separator, MINUTE);
    }

    @Test
    void logsInAfterAllWhereTheMailCanBeOpenedAgain() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect()) {
            client.response();
            store.failsAt = "open";
            for (int i = 0; i < 3; i++) {
                assertThat(client.command("LOGIN alice secret").getLast()).startsWith("x NO [SERVERBUG]");
            }
            assertThat(client.command("SELECT INBOX").getLast()).startsWith("x BAD");
            store.failsAt = "";
            client.ok("LOGIN alice secret");
            client.ok("SELECT INBOX");
            assertThat(store.open.get()).isEqualTo(2);
            client.ok("LOGOUT");
            Eventually.await(() -> store.open.get() == 0);
            assertThat(server.log.lines())
                    .anyMatch(line -> line.endsWith(
                            ": command-failed [command, LOGIN, account, ] java.io.IOException: disk is ill"))
                    .anyMatch(line -> line.contains(": login [account, alice@posthorn.test, method, LOGIN,"
                            + " client, 127.0.0.1, tls, false]"));
            awaitLine(server, ": disconnect [reason, logout, account, alice@posthorn.test, in, ");
        }
    }

    @Test
    void aMailboxIsClosedWhenAnotherIsSelected() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.ok("CREATE other");
            client.ok("SELECT INBOX");
            client.ok("SELECT other");
            assertThat(store.open.get()).isEqualTo(2);
            client.ok("CLOSE");
            assertThat(store.open.get()).isEqualTo(1);
            client.ok("EXAMINE INBOX");
            assertThat(store.open.get()).isEqualTo(2);
            assertThat(client.command("SELECT none").getLast()).startsWith("x NO [NONEXISTENT]");
            // RFC 3501 6.3.1: none is selected then.
            assertThat(client.command("FETCH 1 FLAGS").getLast()).startsWith("x BAD");
            assertThat(store.open.get()).isEqualTo(1);
        }
        Eventually.await(() -> store.open.get() == 0);
    }

    @Test
    void aDefectOrAnIllDiskIsTheErrorOfOneCommand() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            for (boolean defect : new boolean[] {false, true}) {
                store.defect = defect;
                store.failsAt = "mailboxes";
                assertThat(client.command("LIST \"\" *").getLast())
                        .matches("x NO \\[SERVERBUG] Internal error; see the server's log for session \\S+");
                store.failsAt = "";
                client.ok("LIST \"\" *");
            }
            assertThat(server.log.lines())
                    .anyMatch(line -> line.endsWith("command-failed [command, LIST, account, alice@posthorn.test]"
                            + " java.io.IOException: disk is ill"))
                    .anyMatch(line -> line.endsWith("java.lang.IllegalStateException: a defect"));
        }
    }

    @Test
    void changesThatCannotBeLookedForAreLoggedAndNoErrorOfTheCommand() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.ok("SELECT INBOX");
            store.failsAt = "changesSince";
            client.ok("NOOP");
            awaitLine(server, "changes-failed [account, alice@posthorn.test] java.io.IOException: disk is ill");
        }
    }

    /** Wherever the disk fails, the message is consumed and the next command understood. */
    @Test
    void anAppendThatFailsIsTheErrorOfOneCommand() throws Exception {
        String message = "Subject: x\r\n\r\ntext\r\n";
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            for (String place : new String[] {"append", "write", "commit"}) {
                store.failsAt = place;
                client.send("a APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
                assertThat(client.untilTagged("a").getLast()).startsWith("x NO [SERVERBUG]");
                store.failsAt = "";
                client.ok("NOOP");
            }
            assertThat(server.log.lines())
                    .filteredOn(line -> line.contains("append-failed"))
                    .hasSize(3);
            assertThat(store.open.get()).isEqualTo(1);
            client.append("INBOX", "", message);
            assertThat(client.ok("STATUS INBOX (MESSAGES)").getFirst()).isEqualTo("* STATUS INBOX (MESSAGES 1)");
            assertThat(store.open.get()).isEqualTo(1);
        }
    }

    @Test
    void aMessageOfTheLargestSizeIsTaken() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", "x".repeat(1_000_000));
            client.send("a APPEND INBOX {1000001+}\r\n" + "x".repeat(1_000_001) + "\r\n");
            assertThat(client.untilTagged("a").getLast()).isEqualTo("x NO [TOOBIG] Message is larger than the limit");
            // A client that waits need not send it.
            assertThat(client.command("APPEND INBOX {1000001}").getLast()).startsWith("x NO [TOOBIG]");
            client.send("b APPEND INBOX {0+}\r\n\r\n");
            assertThat(client.untilTagged("b").getLast()).isEqualTo("x NO [CANNOT] A message cannot be empty");
            client.send("c APPEND none {3+}\r\nabc\r\n");
            assertThat(client.untilTagged("c").getLast()).startsWith("x NO [TRYCREATE]");
            client.send("d APPEND INBOX {3+}\r\nabc more\r\n");
            assertThat(client.untilTagged("d").getLast()).isEqualTo("x BAD Unexpected text after the message");
            assertThat(client.ok("STATUS INBOX (MESSAGES)").getFirst()).isEqualTo("* STATUS INBOX (MESSAGES 1)");
            // What is four times as large is read, and what is larger ends the session.
            client.send("f APPEND INBOX {4000000+}\r\n" + "x".repeat(4_000_000) + "\r\n");
            assertThat(client.untilTagged("f").getLast()).startsWith("x NO [TOOBIG]");
            client.send("e APPEND INBOX {4000001+}\r\n");
            assertThat(client.response()).isEqualTo("* BYE Message is far too large");
            assertThat(client.isClosed()).isTrue();
        }
    }

    /** What a client sends without being asked is read to its end, up to the size of the largest message. */
    @Test
    void aLiteralThatNoCommandTakesIsConsumed() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.send("a LIST \"\" {1000000+}\r\n" + "x".repeat(1_000_000) + "\r\n");
            assertThat(client.untilTagged("a").getLast()).isEqualTo("x BAD [TOOBIG] Literal too large");
            client.ok("NOOP");
            client.send("b LIST \"\" {1000001+}\r\n");
            assertThat(client.untilTagged("b").getLast()).isEqualTo("x BAD [TOOBIG] Literal too large");
            assertThat(client.response()).isEqualTo("* BYE Too many invalid commands");
            assertThat(client.isClosed()).isTrue();
            awaitLine(server, "disconnect [reason, Too many invalid commands, account, alice@posthorn.test, ");
        }
    }

    /** RFC 3502: a second message that nobody asked for must not be taken for commands. */
    @Test
    void aSecondMessageEndsTheSession() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.send("a APPEND INBOX {3+}\r\nabc {20+}\r\n");
            assertThat(client.isClosed()).isTrue();
            awaitLine(server, "disconnect [reason, unexpected literal after APPEND, ");
        }
    }

    @Test
    void anAppendBeforeLoginIsConsumed() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect()) {
            client.response();
            client.send("a APPEND INBOX {14+}\r\nb CAPABILITY\r\n\r\nc NOOP\r\n");
            assertThat(client.untilTagged("a").getLast()).startsWith("x BAD");
            assertThat(client.untilTagged("c")).containsExactly("x OK NOOP completed");
        }
    }

    @Test
    void anAnswerDoesNotWaitForTheRestOfTheNextCommand() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.send("a NOOP\r\nb NO");
            assertThat(client.untilTagged("a")).containsExactly("x OK NOOP completed");
            client.send("OP\r\n");
            assertThat(client.untilTagged("b")).containsExactly("x OK NOOP completed");
        }
    }

    @Test
    void aClientThatLeavesWithinALineIsNotKept() throws Exception {
        try (ImapFixture server = serve()) {
            try (ImapClient client = server.connect().login("alice")) {
                client.send("a NO");
            }
            awaitLine(server, "disconnect [reason, connection closed by client, account, alice@posthorn.test, ");
        }
        Eventually.await(() -> store.open.get() == 0);
    }

    /** Twenty are answered, and the one after them too, by which the session ends. */
    @Test
    void endsAfterTwentyWrongCommands() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect()) {
            client.response();
            for (int i = 0; i < 10; i++) {
                assertThat(client.command("XYZZY").getLast()).startsWith("x BAD");
                assertThat(client.command("FETCH 1 FLAGS").getLast()).startsWith("x BAD");
            }
            client.ok("NOOP");
            assertThat(client.command("XYZZY").getLast()).startsWith("x BAD");
            assertThat(client.response()).isEqualTo("* BYE Too many invalid commands");
            assertThat(client.isClosed()).isTrue();
            assertThat(server.log.lines())
                    .filteredOn(line -> line.contains("bad-command"))
                    .hasSize(21);
            awaitLine(server, "disconnect [reason, Too many invalid commands, account, , in, ");
        }
    }

    @Test
    void aWrongPasswordIsLoggedAndAnsweredAfterItsTime() throws Exception {
        try (ImapFixture server = serve(config(Duration.ofHours(1), MINUTE, MINUTE));
                ImapClient client = server.connect()) {
            client.response();
            client.send("a LOGIN alice wrong\r\n");
            awaitLine(server, ": login-failed [name, alice, method, LOGIN, client, 127.0.0.1, reason, ");
            client.socket().setSoTimeout(200);
            assertThatThrownBy(client::response).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void idleEndsWithDoneAlone() throws Exception {
        try (ImapFixture server = serve();
                ImapClient client = server.connect().login("alice")) {
            client.send("a IDLE\r\n");
            assertThat(client.response()).isEqualTo("+ idling");
            client.send("b NOOP\r\n");
            assertThat(client.untilTagged("a").getLast()).isEqualTo("x BAD Expected DONE");
            client.send("c IDLE\r\n");
            assertThat(client.response()).isEqualTo("+ idling");
            client.send("done\r\n");
            assertThat(client.untilTagged("c").getLast()).isEqualTo("x OK IDLE completed");
            client.send("d IDLE\r\n");
            assertThat(client.response()).isEqualTo("+ idling");
            client.send("DO\nNE\r\n");
            assertThat(client.untilTagged("d").getLast()).isEqualTo("x BAD Expected DONE");
        }
    }

    @Test
    void aClientThatLeavesOrFallsSilentInIdleIsNotKept() throws Exception {
        try (ImapFixture server = serve(config(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(10)))) {
            try (ImapClient client = server.connect().login("alice")) {
                client.ok("SELECT INBOX");
                client.send("a IDLE\r\n");
                assertThat(client.response()).isEqualTo("+ idling");
                String response = client.response();
                while (response.equals("* OK Still here")) {
                    response = client.response();
                }
                assertThat(response).isEqualTo("* BYE Idle for too long");
                assertThat(client.isClosed()).isTrue();
            }
            awaitLine(server, "disconnect [reason, Idle for too long, account, alice@posthorn.test, ");
        }
        try (ImapFixture server = serve()) {
            try (ImapClient client = server.connect().login("alice")) {
                client.send("a IDLE\r\n");
                assertThat(client.response()).isEqualTo("+ idling");
            }
            awaitLine(server, "disconnect [reason, connection closed by client, account, alice@posthorn.test, ");
        }
        Eventually.await(() -> store.open.get() == 0);
    }

    @Test
    void whatBreaksAHandshakeEndsTheSession() throws Exception {
        Optional<TlsContext> tls =
                Optional.of(new TlsContext(SelfSigned.shared().server()));
        try (ImapFixture server = new ImapFixture(store, config(Duration.ZERO, MINUTE, MINUTE), tls, Optional.empty());
                ImapClient client = server.connect()) {
            client.response();
            client.ok("STARTTLS");
            client.send("a NOOP this is not a TLS record\r\n");
            awaitLine(server, "disconnect [reason, ");
            assertThat(server.log.lines()).noneMatch(line -> line.contains("reason, logout"));
        }
    }

    @Test
    void turnsAwayWithACodeWhereThereAreTooMany() {
        ImapServer server = new ImapServer(
                ImapConfig.defaults("h"),
                store,
                FakeAccounts.mechanisms(),
                new org.posthorn.abuse.LoginGuard(
                        org.posthorn.abuse.LoginConfig.DEFAULT, java.time.InstantSource.system()),
                Optional.empty(),
                org.posthorn.log.MailLog.none());
        assertThat(server.busyGreeting()).isEqualTo("* BYE [UNAVAILABLE] Too many connections\r\n");
    }
}
