package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;

/** An account that strangers guess at from many addresses, none of which is barred by itself. */
class GuessedAccountTest {
    private static final String ALICE = "alice@posthorn.test";

    private final LoginGuard guard = new LoginGuard(
            new LoginConfig(100, 10, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, List.of()),
            InstantSource.system());

    private void guessElsewhere(int times) {
        for (int i = 0; i < times; i++) {
            guard.failed(InetAddress.ofLiteral("203.0.113." + i), ALICE);
        }
    }

    private static String login(ImapFixture server, String password) throws IOException {
        try (ImapClient client = server.connect()) {
            client.response();
            return client.command("LOGIN " + ALICE + " " + password).getLast();
        }
    }

    private static String authenticate(ImapFixture server, String response) throws IOException {
        try (ImapClient client = server.connect()) {
            client.response();
            return client.command("AUTHENTICATE PLAIN " + response).getLast();
        }
    }

    @Test
    void takesNoPasswordFromANewPlace() throws IOException {
        guessElsewhere(9);
        try (ImapFixture server = ImapFixture.with(guard)) {
            assertThat(login(server, "wrong")).startsWith("x NO [AUTHENTICATIONFAILED]");
            assertThat(login(server, "secret")).startsWith("x NO [UNAVAILABLE]");
            assertThat(authenticate(server, "AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0"))
                    .startsWith("x NO [UNAVAILABLE]");
        }
    }

    @Test
    void takesThePasswordFromWhereTheOwnerLoggedInBefore() throws IOException {
        try (ImapFixture server = ImapFixture.with(guard)) {
            assertThat(login(server, "secret")).startsWith("x OK");
            guessElsewhere(10);
            assertThat(login(server, "secret")).startsWith("x OK");
            assertThat(authenticate(server, "AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0"))
                    .startsWith("x OK");
        }
    }

    @Test
    void takesNoPasswordFromAClientThatFailedTooOften() throws IOException {
        LoginGuard strict = new LoginGuard(
                new LoginConfig(2, 100, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, List.of()),
                InstantSource.system());
        try (ImapFixture server = ImapFixture.with(strict)) {
            strict.failed(InetAddress.getLoopbackAddress(), "somebody");
            assertThat(login(server, "secret")).startsWith("x OK");
            strict.failed(InetAddress.getLoopbackAddress(), "somebody");
            strict.failed(InetAddress.getLoopbackAddress(), "somebody");
            String barred = "x NO [UNAVAILABLE] Too many failed logins; try again later";
            assertThat(login(server, "secret")).isEqualTo(barred);
            assertThat(authenticate(server, "AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0"))
                    .isEqualTo(barred);
        }
    }
}
