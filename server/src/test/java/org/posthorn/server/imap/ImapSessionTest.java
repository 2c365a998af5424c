package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.SelfSigned;

/** What transcripts cannot show: TLS, limits of time and number, failures of the store, and the end of the server. */
class ImapSessionTest {
    private static ImapConfig config(Duration login, Duration idle, Duration notice, boolean plaintext) {
        return new ImapConfig("posthorn.test", 5_000_000, 20, 2, Duration.ZERO, login, idle, notice, plaintext);
    }

    private static ImapConfig patient(boolean plaintext) {
        Duration minute = Duration.ofMinutes(1);
        return config(minute, minute, minute, plaintext);
    }

    private static ImapFixture secured() throws IOException {
        TlsContext tls = new TlsContext(SelfSigned.shared().server());
        return new ImapFixture(new MemoryMailboxStore(), patient(false), Optional.of(tls), Optional.empty());
    }

    private static ImapFixture open(MailboxStore store, ImapConfig config) throws IOException {
        return new ImapFixture(store, config, Optional.empty(), Optional.empty());
    }

    private static void startTls(ImapClient client) throws IOException {
        Socket plain = client.socket();
        SSLSocket socket = (SSLSocket)
                SelfSigned.shared().client().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        client.upgrade(socket);
    }

    @Test
    void takesNoPasswordBeforeTls() throws IOException {
        try (ImapFixture server = secured();
                ImapClient client = server.connect()) {
            assertThat(client.response()).contains("STARTTLS LOGINDISABLED").doesNotContain("AUTH=");
            assertThat(client.command("LOGIN alice secret").getLast()).startsWith("x NO [PRIVACYREQUIRED]");
            assertThat(client.command("AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==").getLast())
                    .startsWith("x NO [PRIVACYREQUIRED]");
        }
    }

    @Test
    void dropsWhatCameInPlainAfterStartTls() throws IOException {
        try (ImapFixture server = secured();
                ImapClient client = server.connect()) {
            client.response();
            client.send("a STARTTLS\r\nb LOGIN alice secret\r\n");
            assertThat(client.response()).startsWith("a OK");
            startTls(client);
            List<String> capabilities = client.ok("CAPABILITY");
            assertThat(capabilities).hasSize(2);
            assertThat(capabilities.getFirst())
                    .contains("AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN")
                    .doesNotContain("STARTTLS")
                    .doesNotContain("LOGINDISABLED");
            assertThat(client.command("STARTTLS").getLast()).startsWith("x BAD");
            client.ok("LOGIN alice secret");
            assertThat(server.log.lines()).anyMatch(line -> line.contains("plaintext-dropped [octets, 22]"));
        }
    }

    @Test
    void endsAfterTooManyFailedLogins() throws Exception {
        try (ImapFixture server = open(new MemoryMailboxStore(), patient(true));
                ImapClient client = server.connect()) {
            client.response();
            assertThat(client.command("LOGIN alice no").getLast()).startsWith("x NO [AUTHENTICATIONFAILED]");
            assertThat(client.command("LOGIN down x").getLast()).startsWith("x NO [UNAVAILABLE]");
            assertThat(client.command("LOGIN nobody no").getLast()).startsWith("x NO [AUTHENTICATIONFAILED]");
            assertThat(client.response()).isEqualTo("* BYE Too many failed logins");
            assertThat(client.isClosed()).isTrue();
            Eventually.await(() -> server.log.lines().stream()
                    .anyMatch(line -> line.contains("disconnect [reason, Too many failed logins, account, , ")));
        }
    }

    @Test
    void endsWhenLoginTakesTooLong() throws IOException {
        Duration minute = Duration.ofMinutes(1);
        ImapConfig hasty = config(Duration.ofMillis(150), minute, minute, true);
        try (ImapFixture server = open(new MemoryMailboxStore(), hasty);
                ImapClient client = server.connect()) {
            client.response();
            client.send("a LOGI");
            assertThat(client.response()).isEqualTo("* BYE Too slow to log in");
            assertThat(client.isClosed()).isTrue();
        }
    }

    /** However slowly a line drips in, the time to log in is the same. */
    @Test
    void endsWhenTheFirstLineDripsIn() throws Exception {
        Duration minute = Duration.ofMinutes(1);
        ImapConfig hasty = config(Duration.ofMillis(300), minute, minute, true);
        try (ImapFixture server = open(new MemoryMailboxStore(), hasty);
                ImapClient client = server.connect()) {
            client.response();
            boolean over = false;
            for (int i = 0; i < 1_000 && !over; i++) {
                try {
                    client.send("x");
                    Thread.sleep(10);
                } catch (IOException e) {
                    // The server has closed the connection.
                }
                over = server.log.lines().stream().anyMatch(line -> line.contains("[reason, Too slow to log in, "));
            }
            assertThat(over).isTrue();
        }
    }

    @Test
    void endsWhenNothingComes() throws IOException {
        Duration minute = Duration.ofMinutes(1);
        ImapConfig hasty = config(minute, Duration.ofMillis(150), minute, true);
        try (ImapFixture server = open(new MemoryMailboxStore(), hasty);
                ImapClient client = server.connect().login("alice")) {
            assertThat(client.response()).isEqualTo("* BYE Idle for too long");
        }
    }

    @Test
    void keepsAnIdlingConnectionAlive() throws IOException {
        Duration minute = Duration.ofMinutes(1);
        ImapConfig lively = config(minute, minute, Duration.ofMillis(50), true);
        try (ImapFixture server = open(new MemoryMailboxStore(), lively);
                ImapClient client = server.connect().login("alice")) {
            client.send("a IDLE\r\n");
            assertThat(client.response()).isEqualTo("+ idling");
            assertThat(client.response()).isEqualTo("* OK Still here");
            assertThat(client.response()).isEqualTo("* OK Still here");
            client.send("DONE\r\n");
            assertThat(client.untilTagged("a").getLast()).startsWith("x OK");
        }
    }

    @Test
    void tellsAnIdlingClientOfMailAtOnce() throws Exception {
        MemoryMailboxStore store = new MemoryMailboxStore();
        try (ImapFixture server = open(store, patient(true));
                ImapClient client = server.connect().login("alice")) {
            client.ok("SELECT INBOX");
            client.send("a IDLE\r\n");
            assertThat(client.response()).isEqualTo("+ idling");
            byte[] message = {'a', ':', 'b', '\r', '\n', '\r', '\n'};
            store.deliver(
                    FakeAccounts.address("alice"),
                    MailboxName.INBOX,
                    "key",
                    new byte[0],
                    MessageContent.of(message),
                    0,
                    Flags.NONE,
                    false);
            assertThat(client.response()).isEqualTo("* 1 EXISTS");
            assertThat(client.response()).isEqualTo("* 1 RECENT");
        }
    }

    @Test
    void endsSessionsOfAFormerPassword() throws IOException {
        OneAccount accounts = new OneAccount();
        SaslMechanisms mechanisms = new SaslMechanisms(accounts, new SecureRandom(), new byte[16]);
        try (ImapFixture server = new ImapFixture(
                        new MemoryMailboxStore(), patient(true), Optional.empty(), Optional.empty(), mechanisms);
                ImapClient waiting = server.connect().login("alice@posthorn.test");
                ImapClient inCommand = server.connect().login("alice@posthorn.test");
                ImapClient idling = server.connect().login("alice@posthorn.test")) {
            idling.send("a IDLE\r\n");
            assertThat(idling.response()).isEqualTo("+ idling");
            // The server waits for the rest of a line: the command that then comes must not be served.
            inCommand.send("b NO");
            accounts.changePassword();
            inCommand.send("OP\r\n");
            String bye = "* BYE Password changed or account removed, log in again";
            assertThat(waiting.response()).isEqualTo(bye);
            assertThat(inCommand.response()).isEqualTo(bye);
            assertThat(idling.untilTagged("a").getLast()).startsWith("x OK");
            assertThat(idling.response()).isEqualTo(bye);
            assertThat(idling.isClosed()).isTrue();
        }
    }

    @Test
    void saysGoodbyeWhenTheServerStops() throws Exception {
        try (ImapFixture server = open(new MemoryMailboxStore(), patient(true));
                ImapClient waiting = server.connect().login("alice");
                ImapClient idling = server.connect().login("alice")) {
            idling.send("a IDLE\r\n");
            assertThat(idling.response()).isEqualTo("+ idling");
            server.listener().windDown();
            assertThat(waiting.response()).isEqualTo("* BYE Shutting down");
            assertThat(idling.untilTagged("a").getLast()).startsWith("x OK");
            assertThat(idling.response()).isEqualTo("* BYE Shutting down");
            assertThat(idling.isClosed()).isTrue();
            Eventually.await(() -> 2
                    == server.log.lines().stream()
                            .filter(line -> line.contains("disconnect [reason, Shutting down, account, alice@"))
                            .count());
        }
    }

    @Test
    void carriesALargeMessageUnchanged() throws IOException {
        StringBuilder message = new StringBuilder("Subject: large\r\n\r\n");
        for (int i = 0; i < 40_000; i++) {
            message.append("line ").append(i).append(" \u00fc\r\n");
        }
        try (ImapFixture server = open(new MemoryMailboxStore(), patient(true));
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", message.toString());
            client.ok("SELECT INBOX");
            assertThat(client.ok("FETCH 1 BODY.PEEK[]").getFirst())
                    .isEqualTo("* 1 FETCH (BODY[] {" + message.length() + "}\r\n" + message + ")");
            assertThat(client.ok("FETCH 1 BODY.PEEK[]<300000.20000>").getFirst())
                    .isEqualTo("* 1 FETCH (BODY[]<300000> {20000}\r\n" + message.substring(300_000, 320_000) + ")");
        }
    }

    @Test
    void aFailingStoreIsNoEndOfTheSession() throws IOException {
        MailboxStore failing = new MemoryMailboxStore() {
            @Override
            public AccountMail open(Address account) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        try (ImapFixture server = open(failing, patient(true));
                ImapClient client = server.connect()) {
            client.response();
            assertThat(client.command("LOGIN alice secret").getLast())
                    .startsWith("x NO [SERVERBUG]")
                    .doesNotContain("fire");
            client.ok("NOOP");
        }
    }
}
