package org.posthorn.server.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.net.Listener;
import org.posthorn.server.imap.MemoryMailboxStore;
import org.posthorn.testing.LineClient;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** Passwords guessed over POP3, from one address and from many. */
class Pop3GuessingTest {
    private static final String LOGIN = """
            S: +OK ...
            C: USER alice@posthorn.test
            S: +OK ...
            C: PASS secret
            S: +OK Logged in, 0 messages
            """;

    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private final LoginGuard guard = new LoginGuard(
            new LoginConfig(3, 1000, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, List.of()),
            InstantSource.system());
    private final Listener listener;

    Pop3GuessingTest() throws IOException {
        listener = Pop3Port.listen(
                new MemoryMailboxStore(), new OneAccount(), guard, true, Duration.ofSeconds(10), log, observer);
    }

    @AfterEach
    void stop() {
        listener.close();
        assertThat(observer.defects()).isEmpty();
    }

    /** Guesses from many addresses, none of which is barred by itself. */
    private void guessElsewhere(int times) {
        for (int i = 0; i < times; i++) {
            guard.failed(InetAddress.ofLiteral("203.0.%d.%d".formatted(i / 200, i % 200)), "alice@posthorn.test");
        }
    }

    @Test
    void looksAtNoPasswordOfAnAccountThatManyGuessAt() throws Exception {
        guessElsewhere(999);
        try (LineClient client = new LineClient(listener.port())) {
            client.play("""
                    S: +OK ...
                    C: USER alice@posthorn.test
                    S: +OK ...
                    C: PASS wrong
                    S: -ERR [AUTH] Wrong name or password
                    C: USER alice@posthorn.test
                    S: +OK ...
                    C: PASS secret
                    S: -ERR [SYS/TEMP] Cannot check passwords at present
                    """);
        }
    }

    @Test
    void letsInTheOwnerFromWhereHeLoggedInBefore() throws Exception {
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN + "C: QUIT\nS: +OK ...\nS: [end]\n");
        }
        guessElsewhere(1000);
        try (LineClient client = new LineClient(listener.port())) {
            client.play(LOGIN);
        }
    }

    @Test
    void barsClientThatGuessesPasswords() throws IOException {
        String wrong = "C: USER alice@posthorn.test\nS: +OK ...\nC: PASS wrong\nS: -ERR [AUTH] ...\n";
        try (LineClient client = new LineClient(listener.port())) {
            client.play("S: +OK ...\n" + wrong.repeat(3)
                    + "C: USER alice@posthorn.test\nS: -ERR [SYS/TEMP] Too many ...\n"
                    + "C: AUTH PLAIN AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0\nS: -ERR [SYS/TEMP] Too many ...\n"
                    + "C: STAT\nS: -ERR Log in first\n");
        }
        assertThat(log.lines())
                .anyMatch(line -> line.contains("login-failed"))
                .noneMatch(line -> line.contains("PASS") || line.contains("[wrong"));
    }
}
