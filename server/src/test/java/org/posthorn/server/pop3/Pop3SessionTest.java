package org.posthorn.server.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
import org.posthorn.net.Listener;
import org.posthorn.server.imap.MemoryMailboxStore;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** Conversations after RFC 1939, 2449, 2595 and 5034. */
class Pop3SessionTest {
    private static final String LOGIN = """
            S: +OK ...
            C: USER alice@posthorn.test
            S: +OK ...
            C: PASS secret
            S: +OK Logged in, 3 messages
            """;

    private final MemoryMailboxStore store = new MemoryMailboxStore();
    private final OneAccount accounts = new OneAccount();
    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private final LoginGuard guard = new LoginGuard(
            new LoginConfig(3, 1000, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, List.of()),
            InstantSource.system());
    private Listener listener;

    Pop3SessionTest() throws IOException {
        listener = listen(true, Duration.ofSeconds(10));
    }

    private Listener listen(boolean plaintext, Duration idle) throws IOException {
        return Pop3Port.listen(store, accounts, guard, plaintext, idle, log, observer);
    }

    @BeforeEach
    void deliver() throws Exception {
        deliver("Subject: one\r\n\r\nfirst\r\n");
        deliver("Subject: two\r\n\r\n.second\r\n..\r\nthird line\r\n");
        deliver("Subject: three\r\n\r\n" + "x".repeat(70_000) + "\r\n");
    }

    @AfterEach
    void stop() {
        listener.close();
        assertThat(observer.defects()).isEmpty();
    }

    private void deliver(String text) throws Exception {
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

    @Test
    void endsSessionsOfAFormerPasswordWithoutDeleting() throws Exception {
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN + "C: DELE 1\nS: +OK ...\n");
            assertThat(accounts.held()).isEqualTo(1);
            accounts.changePassword();
            client.play("S: [end]\n");
        }
        assertThat(this.<Integer>inbox(inbox -> inbox.messages().size())).isEqualTo(3);
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

    private <T> T inbox(java.util.function.Function<Mailbox, T> question) throws Exception {
        try (AccountMail mail = store.open(OneAccount.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            return question.apply(inbox);
        }
    }

    private void awaitEndOfSession() throws InterruptedException {
        Eventually.await(() -> log.lines().stream().anyMatch(line -> line.contains("session-end")));
    }

    /** RFC 1939 10. */
    @Test
    void downloadsAndDeletes() throws Exception {
        play(LOGIN + """
                C: STAT
                S: +OK 3 70084
                C: LIST
                S: +OK 3 messages (70084 octets)
                S: 1 23
                S: 2 41
                S: 3 70020
                S: .
                C: RETR 1
                S: +OK 23 octets
                S: Subject: one
                S:
                S: first
                S: .
                C: DELE 1
                S: +OK ...
                C: RETR 2
                S: +OK 41 octets
                S: Subject: two
                S:
                S: ..second
                S: ...
                S: third line
                S: .
                C: DELE 2
                S: +OK ...
                C: STAT
                S: +OK 1 70020
                C: QUIT
                S: +OK Bye
                S: [end]
                """);
        assertThat(inbox(Mailbox::messages))
                .singleElement()
                .satisfies(message -> assertThat(message.size()).isEqualTo(70_020));
    }

    @Test
    void deletesNothingWithoutQuit() throws Exception {
        play(LOGIN + "C: DELE 1\nS: +OK ...\n");
        awaitEndOfSession();
        assertThat(inbox(Mailbox::messages)).hasSize(3);
    }

    @Test
    void takesBackDeletionAtRset() throws Exception {
        play(LOGIN + """
                C: DELE 1
                S: +OK ...
                C: DELE 1
                S: -ERR No such message
                C: RETR 1
                S: -ERR No such message
                C: TOP 1 0
                S: -ERR No such message
                C: LIST 1
                S: -ERR No such message
                C: RSET
                S: +OK 3 messages
                C: LIST 1
                S: +OK 1 23
                C: QUIT
                S: +OK Bye
                """);
        assertThat(inbox(Mailbox::messages)).hasSize(3);
    }

    @Test
    void namesMessagesAsDovecotDoes() throws Exception {
        long validity = inbox(Mailbox::uidValidity);
        List<String> ids = inbox(inbox -> inbox.messages().stream()
                .map(message -> "%08x%08x".formatted(message.uid(), validity))
                .toList());
        assertThat(ids).hasSize(3).doesNotHaveDuplicates();
        play(LOGIN + """
                C: UIDL
                S: +OK
                S: 1 %1$s
                S: 2 %2$s
                S: 3 %3$s
                S: .
                C: UIDL 2
                S: +OK 2 %2$s
                C: UIDL 4
                S: -ERR No such message
                """.formatted(ids.toArray()));
    }

    @Test
    void showsHeaderAndSomeLines() throws IOException {
        play(LOGIN + """
                C: TOP 2 1
                S: +OK ...
                S: Subject: two
                S:
                S: ..second
                S: .
                C: TOP 3 0
                S: +OK ...
                S: Subject: three
                S:
                S: .
                C: TOP 3
                S: -ERR Syntax error: ...
                """);
    }

    @Test
    void marksRetrievedMessagesSeenAtTheEnd() throws Exception {
        play(LOGIN + "C: RETR 1\nS: +OK ...\nS: ...\nS: ...\nS: ...\nS: .\nC: TOP 2 0\nS: +OK ...\n");
        awaitEndOfSession();
        assertThat(inbox(Mailbox::messages))
                .extracting(message -> message.flags().has(Flags.SEEN))
                .containsExactly(true, false, false);
    }

    @Test
    void answersPipelinedCommandsInOrder() throws IOException {
        play("""
                S: +OK ...
                C: USER alice@posthorn.test
                C: PASS secret
                C: STAT
                C: LIST 1
                C: NOOP
                C: QUIT
                S: +OK ...
                S: +OK Logged in...
                S: +OK 3 ...
                S: +OK 1 23
                S: +OK
                S: +OK Bye
                S: [end]
                """);
    }

    @Test
    void givesMaildropToOneSessionAtATime() throws IOException {
        try (LineClient first = new LineClient(listener.port())) {
            first.play(LOGIN);
            play("""
                    S: +OK ...
                    C: USER alice@posthorn.test
                    S: +OK ...
                    C: PASS secret
                    S: -ERR [IN-USE] ...
                    """);
            first.play("C: QUIT\nS: +OK Bye\nS: [end]\n");
        }
        play(LOGIN);
    }

    @Test
    void keepsNumbersWhenAnotherSessionExpunges() throws Exception {
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN);
            deliver("Subject: four\r\n\r\n");
            inbox(inbox -> {
                try {
                    return inbox.expunge(List.of(inbox.messages().getFirst().uid()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            client.play("""
                    C: STAT
                    S: +OK 3 70084
                    C: RETR 1
                    S: -ERR The message has gone meanwhile
                    C: LIST 2
                    S: +OK 2 41
                    C: LIST 4
                    S: -ERR No such message
                    """);
        }
    }

    @Test
    void offersAndTakesPasswordsUnderTlsOnly() throws IOException {
        listener.close();
        listener = listen(false, Duration.ofSeconds(10));
        play("""
                S: +OK ...
                C: CAPA
                S: +OK ...
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: STLS
                S: IMPLEMENTATION Posthorn
                S: .
                C: USER alice@posthorn.test
                S: -ERR [AUTH] Use STLS first
                C: PASS secret
                S: -ERR [AUTH] Use STLS first
                C: AUTH PLAIN AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0
                S: -ERR [AUTH] Use STLS first
                C: STLS
                C: USER injected
                S: +OK ...
                TLS
                C: PASS secret
                S: -ERR USER first
                C: CAPA
                S: +OK ...
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: USER
                S: SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
                S: IMPLEMENTATION Posthorn
                S: .
                C: STLS
                S: -ERR STLS is not possible now
                C: AUTH PLAIN AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0
                S: +OK Logged in, 3 messages
                C: RETR 3
                S: +OK 70020 octets
                S: Subject: three
                S:
                S: xxx...
                S: .
                """);
    }

    @Test
    void signsInBySasl() throws IOException {
        play("""
                S: +OK ...
                C: AUTH
                S: +OK ...
                S: SCRAM-SHA-256
                S: PLAIN
                S: LOGIN
                S: .
                C: AUTH PLAIN
                S: + ...
                C: *
                S: -ERR Authentication cancelled
                C: AUTH GSSAPI
                S: -ERR Unknown authentication mechanism
                C: AUTH PLAIN
                S: +...
                C: AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0
                S: +OK Logged in, 3 messages
                C: AUTH PLAIN
                S: -ERR You are logged in already
                C: USER x
                S: -ERR You are logged in already
                """);
    }

    @Test
    void refusesWhatIsNotPop3AndEndsSessionAfterTooManyErrors() throws IOException {
        play("""
                S: +OK ...
                C: STAT
                S: -ERR Log in first
                C: APOP alice c4c9334bac560ecc979e58001b3e22fb
                S: -ERR Unknown command
                C: %s
                S: -ERR Line too long
                C: USER \\xff
                S: -ERR Syntax error: neither ASCII nor UTF-8
                C: USER
                S: -ERR Syntax error: ...
                C: RETR 0
                S: -ERR Syntax error: ...
                C: RETR -1
                S: -ERR Syntax error: ...
                C: RETR 99999999999
                S: -ERR Syntax error: ...
                C: NOOP x
                S: -ERR Syntax error: ...
                C: \\n\\
                S: -ERR Bare CR or LF
                S: [end]
                """.formatted("USER " + "x".repeat(2000)));
    }

    @Test
    void closesIdleSessionWithoutReplyAndWithoutDeleting() throws Exception {
        listener.close();
        listener = listen(true, Duration.ofMillis(200));
        play(LOGIN + "C: DELE 1\nS: +OK ...\nS: [end]\n");
        awaitEndOfSession();
        assertThat(inbox(Mailbox::messages)).hasSize(3);
        assertThat(log.lines()).anyMatch(line -> line.contains("timeout"));
    }
}
