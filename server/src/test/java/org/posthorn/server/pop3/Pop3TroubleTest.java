package org.posthorn.server.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.net.Connection;
import org.posthorn.net.Listener;
import org.posthorn.protocol.pop3.Pop3Command;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.server.AccountLocks;
import org.posthorn.server.imap.FailingStore;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** Sessions whose disk, clients or passwords fail them, and what is said of them. */
class Pop3TroubleTest {
    /** Octets that wait for the client before some are sent. */
    private static final int BUFFER = 16 << 10;

    private static final String PASSWORD = "C: USER alice@posthorn.test\nS: +OK ...\nC: PASS secret\n";
    private static final String LOGIN = "S: +OK ...\n" + PASSWORD + "S: +OK Logged in, 2 messages\n";

    private final FailingStore store = new FailingStore();
    private final OneAccount accounts = new OneAccount();
    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private Listener listener;

    @BeforeEach
    void start() throws Exception {
        listener = listen(Duration.ZERO);
        for (String text : List.of("Subject: one\r\n\r\nfirst\r\n", "Subject: two\r\n\r\nsecond\r\n")) {
            store.deliver(
                    OneAccount.ALICE,
                    MailboxName.INBOX,
                    "K" + text.length(),
                    new byte[0],
                    MessageContent.of(text.getBytes(StandardCharsets.US_ASCII)),
                    0,
                    Flags.NONE,
                    false);
        }
        store.open.set(0);
    }

    @AfterEach
    void stop() {
        listener.close();
        assertThat(observer.defects()).isEmpty();
    }

    private Listener listen(Duration delay) throws IOException {
        LoginGuard guard = new LoginGuard(
                new LoginConfig(100, 1000, Duration.ofDays(1), delay, delay, List.of()), InstantSource.system());
        return Pop3Port.listen(store, accounts, guard, true, Duration.ofSeconds(20), log, observer);
    }

    /** Until the session has ended: while it lasts no other can have its maildrop. */
    private void play(String transcript) throws IOException {
        int others = listener.connections();
        try (LineClient client = new LineClient(listener.port())) {
            client.play(transcript);
        }
        try {
            Eventually.await(() -> listener.connections() <= others);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void awaitLine(String part) throws InterruptedException {
        Eventually.await(() -> log.lines().stream().anyMatch(line -> line.contains(part)));
    }

    private List<Boolean> seen() throws Exception {
        try (AccountMail mail = store.open(OneAccount.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            return inbox.messages().stream()
                    .map(message -> message.flags().has(Flags.SEEN))
                    .toList();
        }
    }

    @Test
    void aMaildropThatCannotBeOpenedIsNotKeptFromTheNextLogin() throws Exception {
        for (boolean defect : new boolean[] {false, true}) {
            store.defect = defect;
            store.failsAt = "select";
            try (LineClient client = new LineClient(listener.port())) {
                client.play("S: +OK ...\n" + PASSWORD + "S: -ERR [SYS/TEMP] Cannot open the maildrop\n");
                store.failsAt = "";
                client.play(PASSWORD + "S: +OK Logged in, 2 messages\nC: QUIT\nS: +OK Bye\nS: [end]\n");
            }
        }
        assertThat(log.lines()).filteredOn(line -> line.contains("open-failed")).hasSize(2);
        Eventually.await(() -> store.open.get() == 0);
    }

    @Test
    void aMessageThatCannotBeReadIsAnErrorOfThatAlone() throws IOException {
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN);
            store.failsAt = "hold";
            client.play("""
                    C: RETR 1
                    S: -ERR [SYS/TEMP] Cannot read the message
                    C: TOP 1 0
                    S: -ERR [SYS/TEMP] Cannot read the message
                    """);
            store.failsAt = "";
            client.play("C: RETR 1\nS: +OK 23 octets\nS: Subject: one\nS:\nS: first\nS: .\n");
        }
        assertThat(log.lines())
                .filteredOn(line -> line.contains("message-unreadable"))
                .hasSize(2);
    }

    @Test
    void aDefectIsAnErrorOfThatCommandAlone() throws Exception {
        store.defect = true;
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN);
            store.failsAt = "hold";
            client.play("C: RETR 1\nS: -ERR [SYS/TEMP] Internal error\nC: NOOP\nS: +OK\n");
            store.failsAt = "";
        }
        awaitLine("command-failed [client, 127.0.0.1] java.lang.IllegalStateException: a defect");
    }

    /** RFC 1939 6. */
    @Test
    void whatCouldNotBeRemovedIsSaid() throws Exception {
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN + "C: DELE 1\nS: +OK ...\n");
            store.failsAt = "expunge";
            client.play("C: QUIT\nS: -ERR [SYS/TEMP] Some deleted messages were not removed\nS: [end]\n");
        }
        awaitLine("expunge-failed [client, 127.0.0.1] java.io.IOException: disk is ill");
        Eventually.await(() -> store.open.get() == 0);
        store.failsAt = "";
        play(LOGIN);
    }

    @Test
    void flagsThatCannotBeKeptHoldNobodyUp() throws Exception {
        store.failsAt = "store";
        play(LOGIN + "C: RETR 1\nS: +OK ...\nS: ...\nS:\nS: first\nS: .\nC: QUIT\nS: +OK Bye\nS: [end]\n");
        awaitLine("flags-not-kept [account, alice@posthorn.test] java.io.IOException: disk is ill");
        Eventually.await(() -> store.open.get() == 0);
        play(LOGIN);
    }

    @Test
    void whatWasRetrievedAndDeletedIsGoneAndTheRestIsSeen() throws Exception {
        play(LOGIN + """
                C: RETR 2
                S: +OK ...
                S: ...
                S:
                S: second
                S: .
                C: RETR 1
                S: +OK ...
                S: ...
                S:
                S: first
                S: .
                C: DELE 1
                S: +OK ...
                C: QUIT
                S: +OK Bye
                S: [end]
                """);
        awaitLine("session-end");
        Eventually.await(() -> store.open.get() == 0);
        assertThat(seen()).containsExactly(true);
    }

    @Test
    void saysWhoLoggedInAndHowTheSessionEnded() throws Exception {
        play(LOGIN + "C: QUIT\nS: +OK Bye\nS: [end]\n");
        awaitLine("session-end");
        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().get(0))
                .matches("pop3 \\S+: login \\[client, 127.0.0.1, account, alice@posthorn.test, messages, 2]");
        assertThat(log.lines().get(1)).matches("pop3 \\S+: session-end \\[client, 127.0.0.1, reason, quit]");
        assertThat(accounts.held()).isZero();
        play("S: +OK ...\n");
        awaitLine("reason, disconnected]");
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN);
            listener.windDown();
            client.play("S: [end]\n");
        }
        awaitLine("reason, shutting down]");
        Eventually.await(() -> store.open.get() == 0 && accounts.held() == 0);
    }

    /** The tenth ends the session; a login begins anew. */
    @Test
    void countsErrorsUntilALogin() throws IOException {
        String nine = "C: XYZZY\nS: -ERR Unknown command\n".repeat(9);
        play("S: +OK ...\n" + nine + PASSWORD + "S: +OK Logged in, 2 messages\n" + nine
                + "C: NOOP\nS: +OK\nC: XYZZY\nS: -ERR Unknown command\nS: [end]\n");
    }

    /** 1000 characters, of AUTH 12,288. */
    @Test
    void linesAreBounded() throws IOException {
        play("""
                S: +OK ...
                C: USER %s
                S: +OK ...
                C: USER %sx
                S: -ERR Line too long
                C: AUTH PLAIN %s
                S: -ERR Malformed response
                C: AUTH PLAIN %sA
                S: -ERR Line too long
                C: AUTH PLAIN
                S: +...
                C: x\\ny
                S: -ERR Malformed response
                """.formatted(
                        "x".repeat(1000 - "USER ".length()),
                        "x".repeat(1000 - "USER ".length()),
                        "A".repeat(12_288 - "AUTH PLAIN ".length()),
                        "A".repeat(12_288 - "AUTH PLAIN ".length())));
    }

    @Test
    void aWrongPasswordIsAnsweredAfterItsTime() throws IOException {
        listener.close();
        listener = listen(Duration.ofHours(1));
        try (LineClient client = new LineClient(listener.port())) {
            client.play("S: +OK ...\nC: USER alice@posthorn.test\nS: +OK ...\nC: PASS wrong\n");
            client.socket().setSoTimeout(200);
            assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void saysWhatWasPutBeforeTheHandshakeAndWhatBrokeIt() throws Exception {
        play(
                "S: +OK ...\nC: STLS\nC: USER injected\nS: +OK Begin TLS negotiation\nTLS\nC: NOOP\nS: -ERR Log in first\n");
        awaitLine("plaintext-after-starttls [client, 127.0.0.1, octets, 15]");
        play("S: +OK ...\nC: STLS\nS: +OK Begin TLS negotiation\nTLS\nC: NOOP\nS: -ERR Log in first\n");
        assertThat(log.lines())
                .filteredOn(line -> line.contains("plaintext-after-starttls"))
                .hasSize(1);
        play("S: +OK ...\nC: STLS\nS: +OK Begin TLS negotiation\nC: not a TLS record\n");
        awaitLine("tls-handshake-failed [client, 127.0.0.1, cause, ");
    }

    /** RFC 2595 4: what was said in the clear does not count; and STLS is for AUTHORIZATION only. */
    @Test
    void stlsForgetsTheNameAndComesBeforeTheLogin() throws IOException {
        play("S: +OK ...\nC: USER alice@posthorn.test\nS: +OK ...\nC: STLS\nS: +OK ...\nTLS\n"
                + "C: PASS secret\nS: -ERR USER first\n" + PASSWORD + "S: +OK Logged in, 2 messages\n");
        play(LOGIN + """
                C: STLS
                S: -ERR STLS is not possible now
                C: CAPA
                S: +OK ...
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: USER
                S: SASL SCRAM-SHA-256 PLAIN LOGIN
                S: IMPLEMENTATION Posthorn
                S: .
                """);
    }

    @Test
    void theTimeUntilTheLoginIsNotTheOneAfterIt() throws Exception {
        LoginGuard guard = new LoginGuard(LoginConfig.DEFAULT, InstantSource.system());
        Duration soon = Duration.ofMillis(200);
        Duration never = Duration.ofHours(1);
        listener.close();
        listener = Pop3Port.listen(store, accounts, guard, true, soon, never, log, observer);
        play("S: +OK ...\nS: [end]\n");
        awaitLine("reason, timeout");
        listener.close();
        listener = Pop3Port.listen(store, accounts, guard, true, never, soon, log, observer);
        play(LOGIN + "S: [end]\n");
        Eventually.await(() -> store.open.get() == 0);
    }

    @Test
    void hasTheDocumentedLimits() {
        Pop3Config config = Pop3Config.of("mx.posthorn.test");
        assertThat(config)
                .isEqualTo(
                        new Pop3Config("mx.posthorn.test", 20, Duration.ofMinutes(2), Duration.ofMinutes(10), false));
        assertThat(new Pop3Config("h", 1, Duration.ZERO, Duration.ZERO, true).maxErrors())
                .isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pop3Config("h", 0, Duration.ZERO, Duration.ZERO, true));
    }

    /** TOP begins where the buffer is full, so that its first line finds the client gone. */
    @Test
    void whatWasOpenedForAClientThatIsGoneIsClosed() throws Exception {
        Pop3Server server = new Pop3Server(Pop3Config.of("h"), services());
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket _ = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket accepted = listening.accept();
                Connection connection = new Connection(accepted);
                Maildrop maildrop = Maildrop.open(server, OneAccount.ALICE)) {
            int before = store.open.get();
            connection.out().print("x".repeat(BUFFER));
            accepted.shutdownOutput();
            Pop3Session session = new Pop3Session(server, connection);
            assertThatThrownBy(() -> RetrieveCommands.top(session, maildrop, new Pop3Command.Top(1, 0)))
                    .isInstanceOf(IOException.class);
            assertThat(store.open).hasValue(before);
        }
    }

    private Pop3Services services() {
        LoginGuard guard = new LoginGuard(LoginConfig.DEFAULT, InstantSource.system());
        SaslMechanisms mechanisms = new SaslMechanisms(accounts, new SecureRandom(), new byte[16]);
        return new Pop3Services(store, mechanisms, guard, new AccountLocks(), Optional.empty(), log);
    }

    /** RFC 3206 4: not the user's fault. */
    @Test
    void turnsAwayWithACodeWhereThereAreTooMany() {
        assertThat(new Pop3Server(Pop3Config.of("h"), services()).busyGreeting())
                .isEqualTo("-ERR [SYS/TEMP] Too many connections\r\n");
    }
}
