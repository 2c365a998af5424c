package org.posthorn.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
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

    private static String detail(SaslStep step) {
        return ((SaslStep.Failure) step).detail();
    }

    /** Of 4,096 octets at most, which are 5,464 characters in base64. */
    @Test
    void readsResponsesOf4096Octets() {
        String response = "\0tim\0" + "x".repeat(4_091);
        assertThat(base64(response)).hasSize(5_464);
        for (String name : List.of("PLAIN", "LOGIN", "SCRAM-SHA-256")) {
            assertThat(detail(mechanisms.start(name, TLS).orElseThrow().stepBase64("A".repeat(5_465))))
                    .isEqualTo("response too long");
        }
        assertThat(detail(plain(response))).isEqualTo("no such account or wrong password");
        assertThat(detail(plain(response + "x"))).isEqualTo("response too long");
        assertThat(detail(mechanisms
                        .start("SCRAM-SHA-256", ChannelBindings.NONE)
                        .orElseThrow()
                        .step(new byte[4_096])))
                .isEqualTo("no gs2 header");
        assertThat(mechanisms.start("LOGIN", TLS).orElseThrow().step(new byte[4_096]))
                .isInstanceOf(SaslStep.Challenge.class);
    }

    @Test
    void anExchangeIsOverAfterItsFirstFailure() {
        for (String name : List.of("PLAIN", "LOGIN", "SCRAM-SHA-256")) {
            SaslServer server = mechanisms.start(name, TLS).orElseThrow();
            assertThat(detail(server.step(new byte[] {(byte) 0xff}))).isEqualTo("not UTF-8");
            assertThat(detail(server.step("\0tim\0tanstaaftanstaaf".getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo("exchange is over");
        }
        assertThat(mechanisms.start("PLAIN", TLS).orElseThrow().firstChallenge().base64())
                .isEmpty();
    }

    @Test
    void saysWhyAResponseIsNone() {
        assertThat(mechanisms.start("PLAIN", TLS).orElseThrow().stepBase64("*"))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.SYNTAX, "", "not base64"));
        assertThat(plain("tim\0\0x"))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.SYNTAX, "", "not authzid NUL authcid NUL password"));
        assertThat(mechanisms.login("tim", ""))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.CREDENTIALS, "tim", "empty name or password"));
        assertThat(mechanisms.login("", "x"))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.CREDENTIALS, "", "empty name or password"));
    }

    /** A name that may not be looked at is answered in the same way by every mechanism. */
    @Test
    void turnsAGuardedNameAwayByItsIdentity() {
        List<String> asked = new ArrayList<>();
        FakeAccounts known = new FakeAccounts().with("Tim", "x");
        Authenticator accounts = new Authenticator() {
            @Override
            public Outcome verify(String name, String password) {
                return known.verify(name, password);
            }

            @Override
            public Lookup scramKeys(String name) {
                return known.scramKeys(name);
            }

            @Override
            public String identity(String name) {
                return name.toLowerCase(Locale.ROOT);
            }

            @Override
            public int iterations(String identity) {
                return 4_321;
            }
        };
        SaslMechanisms all = new SaslMechanisms(accounts, new SecureRandom(), new byte[16]);
        assertThat(all.identity("TIM")).isEqualTo("tim");
        SaslMechanisms guarded = all.behind(
                name -> {
                    asked.add(name);
                    return !name.equals("tim");
                },
                check -> Optional.of(check.get()));
        SaslStep refused =
                new SaslStep.Failure(SaslStep.Reason.TEMPORARY, "Tim", "too many failed logins at this account");
        assertThat(guarded.identity("TIM")).isEqualTo("tim");
        assertThat(guarded.login("Tim", "x")).isEqualTo(refused);
        assertThat(guarded.start("SCRAM-SHA-256", ChannelBindings.NONE)
                        .orElseThrow()
                        .step("n,,n=Tim,r=a".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(refused);
        assertThat(asked).containsExactly("tim", "tim");
        SaslStep other = guarded.start("SCRAM-SHA-256", ChannelBindings.NONE)
                .orElseThrow()
                .step("n,,n=Nobody,r=a".getBytes(StandardCharsets.UTF_8));
        assertThat(((SaslStep.Challenge) other).text()).endsWith(",i=4321");
    }

    /** Names without an account are answered with the count that new accounts have. */
    @Test
    void aGrantForGoodNeverEndsAndANameIsItsOwnIdentity() {
        assertThat(mechanisms.identity("Tim")).isEqualTo("Tim");
        assertThat(new FakeAccounts().iterations("x")).isEqualTo(15_000);
        List<String> ended = new ArrayList<>();
        try (Grant.Hold hold = Grant.FOR_GOOD.whenOver(() -> ended.add("over"))) {
            assertThat(hold).isNotNull();
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void noncesAreNewAndOf18Octets() {
        List<String> nonces = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SaslStep first = mechanisms
                    .start("SCRAM-SHA-256", ChannelBindings.NONE)
                    .orElseThrow()
                    .step("n,,n=tim,r=a".getBytes(StandardCharsets.UTF_8));
            String text = ((SaslStep.Challenge) first).text();
            nonces.add(text.substring(3, text.indexOf(",s=")));
        }
        assertThat(nonces)
                .doesNotHaveDuplicates()
                .allMatch(nonce -> Base64.getDecoder().decode(nonce).length == 18);
        assertThat(new SaslMechanisms(new FakeAccounts(), new SecureRandom(), new byte[16]).offered(TLS))
                .hasSize(4);
    }
}
