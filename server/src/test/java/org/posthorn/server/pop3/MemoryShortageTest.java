package org.posthorn.server.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.net.Connection;
import org.posthorn.net.Listener;
import org.posthorn.net.MemoryBudget;
import org.posthorn.net.SessionHandler;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.server.AccountLocks;
import org.posthorn.server.imap.MemoryMailboxStore;
import org.posthorn.testing.LineClient;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** What a POP3 client is told where the memory for clients or the sessions of its account are used up (RFC 2449 8.1, RFC 3206). */
@Timeout(60)
class MemoryShortageTest {
    private static final int CONNECTION = 6 << 10;
    private static final int PLENTY = 10 << 20;

    private final QuietObserver observer = new QuietObserver();

    @AfterEach
    void hasNoDefect() {
        assertThat(observer.defects()).isEmpty();
    }

    private Listener listen(SessionHandler handler, MemoryBudget memory) throws IOException {
        return Listener.start(
                new Listener.Settings(
                        "pop3",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        100,
                        100,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        client -> true),
                handler,
                observer,
                memory);
    }

    private Listener pop3(MemoryBudget memory) throws IOException {
        Pop3Services services = new Pop3Services(
                new MemoryMailboxStore(),
                new SaslMechanisms(new OneAccount(), new SecureRandom(), new byte[16]),
                new LoginGuard(LoginConfig.DEFAULT, InstantSource.system()),
                new AccountLocks(),
                Optional.empty(),
                new RecordedLog());
        Duration patience = Duration.ofSeconds(20);
        return listen(
                new Pop3Server(new Pop3Config("mx.posthorn.test", 10, patience, patience, true), services), memory);
    }

    @Test
    void endsAStrangersSessionThatHasNoBufferForItsLine() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(CONNECTION + (16 << 10) - 1, PLENTY, 10));
        try (Listener listener = pop3(memory);
                LineClient client = new LineClient(listener.port())) {
            client.play("S: +OK ...\n");
            client.send("USER " + "x".repeat(600));
            client.play("""
                    S: -ERR [SYS/TEMP] ...
                    S: [end]
                    """);
        }
    }

    @Test
    void refusesALoginForTheTimeBeingWhereUsersHaveNoMemoryLeft() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(PLENTY, CONNECTION - 1, 10));
        try (Listener listener = pop3(memory);
                LineClient client = new LineClient(listener.port())) {
            client.play("""
                    S: +OK ...
                    C: USER alice@posthorn.test
                    S: +OK ...
                    C: PASS secret
                    S: -ERR [SYS/TEMP] ...
                    """);
        }
    }

    /** The sessions of an account are counted over all protocols. */
    @Test
    void refusesOneSessionMoreThanAnAccountMayHaveAndUnlocksTheMaildrop() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(PLENTY, PLENTY, 1));
        try (Listener elsewhere = listen(new LogsInAsAlice(), memory);
                Listener listener = pop3(memory)) {
            try (LineClient other = new LineClient(elsewhere.port());
                    LineClient client = new LineClient(listener.port())) {
                other.play("S: ADMITTED\n");
                client.play("""
                        S: +OK ...
                        C: USER alice@posthorn.test
                        S: +OK ...
                        C: PASS secret
                        S: -ERR [IN-USE] Too many sessions of this account
                        """);
            }
            elsewhere.windDown();
            elsewhere.await(Duration.ofSeconds(20));
            try (LineClient client = new LineClient(listener.port())) {
                client.play("""
                        S: +OK ...
                        C: USER alice@posthorn.test
                        S: +OK ...
                        C: PASS secret
                        S: +OK ...
                        """);
            }
        }
    }

    private static final class LogsInAsAlice implements SessionHandler {
        @Override
        public void serve(Connection connection) throws IOException {
            connection
                    .out()
                    .println(connection
                            .memory()
                            .logIn(OneAccount.ALICE.toString())
                            .name())
                    .flush();
            connection.in().read();
        }

        @Override
        public String busyGreeting() {
            return "busy\r\n";
        }
    }
}
