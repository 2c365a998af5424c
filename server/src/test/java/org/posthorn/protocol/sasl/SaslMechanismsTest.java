package org.posthorn.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslMechanismsTest {
    private static final ChannelBindings TLS = ChannelBindings.of(Optional.of(new byte[32]), Optional.empty());

    private final SaslMechanisms mechanisms = new SaslMechanisms(
            new FakeAccounts().with("tim", "tanstaaftanstaaf").with("\u00e4\u00f6", "p\u00e4ss"),
            new SecureRandom(),
            new byte[16]);

    @Test
    void offersPlusOnlyWhereThereIsAChannelToBindTo() {
        assertThat(mechanisms.offered(TLS)).containsExactly("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(mechanisms.offered(ChannelBindings.NONE)).containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(mechanisms.start("SCRAM-SHA-256-PLUS", ChannelBindings.NONE)).isEmpty();
        assertThat(mechanisms.start("GSSAPI", TLS)).isEmpty();
    }

    /** RFC 4616 4. */
    @Test
    void answersTheExampleOfRfc4616() {
        assertThat(plain("\0tim\0tanstaaftanstaaf"))
                .isEqualTo(new SaslStep.Success(FakeAccounts.address("tim"), "tim", Grant.FOR_GOOD));
        assertThat(plain("Ursel\0tim\0tanstaaftanstaaf")).isInstanceOf(SaslStep.Failure.class);
        assertThat(plain("tim\0tim\0tanstaaftanstaaf")).isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void passwordsOfAGuardedClientAreCheckedInItsTurn() {
        Authenticator.Turn none = check -> Optional.empty();
        assertThat(mechanisms.behind(name -> true, none).login("tim", "tanstaaftanstaaf"))
                .isInstanceOfSatisfying(
                        SaslStep.Failure.class, f -> assertThat(f.reason()).isEqualTo(SaslStep.Reason.TEMPORARY));
        assertThat(mechanisms
                        .behind(name -> true, check -> Optional.of(check.get()))
                        .login("tim", "tanstaaftanstaaf"))
                .isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void preparesPasswordsAndLeavesNamesToTheDirectory() {
        assertThat(plain("\0\u00e4\u00f6\0pa\u0308\u00adss")).isInstanceOf(SaslStep.Success.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t\u0007im", "t\u200dim", "\u202etim", "\ue000", "t\u2028im"})
    void refusesNamesThatNoLogShouldHave(String name) {
        assertThat(plain("\0" + name + "\0tanstaaftanstaaf"))
                .isInstanceOfSatisfying(
                        SaslStep.Failure.class, f -> assertThat(f.detail()).contains("prohibited characters"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tim", "\0tim", "\0\0x", "\0tim\0", "\0tim\0a\0b"})
    void refusesMalformedPlain(String message) {
        assertThat(plain(message))
                .isInstanceOfSatisfying(
                        SaslStep.Failure.class, f -> assertThat(f.reason()).isEqualTo(SaslStep.Reason.SYNTAX));
    }

    @Test
    void refusesWhatIsNotUtf8OrNotBase64OrTooLong() {
        assertThat(mechanisms.start("PLAIN", TLS).orElseThrow().step(new byte[] {0, (byte) 0xff, 0, 'x'}))
                .isInstanceOf(SaslStep.Failure.class);
        assertThat(mechanisms.start("PLAIN", TLS).orElseThrow().stepBase64("*")).isInstanceOf(SaslStep.Failure.class);
        for (String name : mechanisms.offered(TLS)) {
            assertThat(mechanisms.start(name, TLS).orElseThrow().step(new byte[SaslServer.MAX_RESPONSE + 1]))
                    .isInstanceOfSatisfying(
                            SaslStep.Failure.class, f -> assertThat(f.detail()).isEqualTo("response too long"));
            assertThat(mechanisms.start(name, TLS).orElseThrow().stepBase64("A".repeat(8192)))
                    .isInstanceOf(SaslStep.Failure.class);
        }
    }

    @Test
    void lonelyEqualsSignIsAnEmptyInitialResponse() {
        assertThat(mechanisms.start("LOGIN", TLS).orElseThrow().stepBase64("="))
                .isEqualTo(new SaslStep.Challenge("Password:"));
    }

    @Test
    void asksForNameAndPasswordWithLogin() {
        SaslServer server = mechanisms.start("login", TLS).orElseThrow();
        assertThat(server.firstChallenge().base64()).isEqualTo("VXNlcm5hbWU6");
        assertThat(server.stepBase64(base64("tim"))).isEqualTo(new SaslStep.Challenge("Password:"));
        assertThat(server.stepBase64(base64("tanstaaftanstaaf")))
                .isEqualTo(new SaslStep.Success(FakeAccounts.address("tim"), "tim", Grant.FOR_GOOD));
        assertThat(server.stepBase64(base64("tanstaaftanstaaf"))).isInstanceOf(SaslStep.Failure.class);
    }

    @Test
    void failureNamesWhoTriedAndNotThePassword() {
        SaslServer server = mechanisms.start("LOGIN", TLS).orElseThrow();
        server.step("tim".getBytes(StandardCharsets.UTF_8));
        SaslStep failed = server.step("tanstaaf".getBytes(StandardCharsets.UTF_8));
        assertThat(failed)
                .isInstanceOfSatisfying(
                        SaslStep.Failure.class, f -> assertThat(f.name()).isEqualTo("tim"));
        assertThat(failed.toString()).doesNotContain("tanstaaf");
    }

    @Test
    void reportsBackEndThatDoesNotAnswer() {
        assertThat(plain("\0down\0x")).isEqualTo(new SaslStep.Failure(SaslStep.Reason.TEMPORARY, "down", "down"));
    }

    @Test
    void checksClearTextLogins() {
        assertThat(mechanisms.login("tim", "tanstaaftanstaaf")).isInstanceOf(SaslStep.Success.class);
        assertThat(mechanisms.login("tim", "x")).isInstanceOf(SaslStep.Failure.class);
        assertThat(mechanisms.login("", "")).isInstanceOf(SaslStep.Failure.class);
    }

    @Test
    void wantsSecretOfSomeLength() {
        assertThatThrownBy(() -> new SaslMechanisms(new FakeAccounts(), new SecureRandom(), new byte[15]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private SaslStep plain(String message) {
        return mechanisms.start("PLAIN", TLS).orElseThrow().stepBase64(base64(message));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
