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

class ScramServerTest {
    private static final byte[] SECRET = "sixteen or more octets".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXPORTED = "exported keying material 32 octs".getBytes(StandardCharsets.US_ASCII);
    private static final ChannelBindings TLS = ChannelBindings.of(Optional.of(EXPORTED), Optional.empty());

    private final FakeAccounts accounts =
            new FakeAccounts().with("alice", "geheim").with("a,b=c", "x");
    private final SaslMechanisms mechanisms = new SaslMechanisms(accounts, new SecureRandom(), SECRET);

    /** RFC 7677 3. */
    @Test
    void answersTheExampleOfRfc7677() {
        FakeAccounts rfc =
                new FakeAccounts(Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096).with("user", "pencil");
        SaslServer server =
                new ScramServer(rfc, () -> "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", SECRET, false, ChannelBindings.NONE);
        assertThat(server.firstChallenge().text()).isEmpty();
        assertThat(step(server, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))
                .isEqualTo(new SaslStep.Challenge(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        assertThat(step(
                        server,
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
                .isEqualTo(new SaslStep.Challenge("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assertThat(step(server, ""))
                .isEqualTo(new SaslStep.Success(FakeAccounts.address("user"), "user", Grant.FOR_GOOD));
        assertThat(step(server, "")).isInstanceOf(SaslStep.Failure.class);
    }

    @Test
    void letsInWhoKnowsThePassword() throws Exception {
        assertThat(exchange("SCRAM-SHA-256", ChannelBindings.NONE, "n,,", new byte[0], "alice", "geheim"))
                .isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void readsEscapedNames() throws Exception {
        assertThat(exchange("SCRAM-SHA-256", ChannelBindings.NONE, "n,,", new byte[0], "a,b=c", "x"))
                .isEqualTo(new SaslStep.Success(FakeAccounts.address("a,b=c"), "a,b=c", Grant.FOR_GOOD));
    }

    @Test
    void refusesWrongPassword() throws Exception {
        assertThat(exchange("SCRAM-SHA-256", ChannelBindings.NONE, "n,,", new byte[0], "alice", "Geheim"))
                .isEqualTo(new SaslStep.Failure(
                        SaslStep.Reason.CREDENTIALS, "alice", "no such account or wrong password"));
    }

    @Test
    void unknownNameLooksLikeWrongPassword() throws Exception {
        assertThat(exchange("SCRAM-SHA-256", ChannelBindings.NONE, "n,,", new byte[0], "nobody", "x"))
                .isEqualTo(new SaslStep.Failure(
                        SaslStep.Reason.CREDENTIALS, "nobody", "no such account or wrong password"));
        String once = saltOf("nobody");
        assertThat(saltOf("nobody")).isEqualTo(once);
        assertThat(saltOf("somebody")).isNotEqualTo(once);
        assertThat(Base64.getDecoder().decode(once)).hasSize(ScramKeys.SALT_LENGTH);
    }

    private String saltOf(String name) {
        SaslServer server =
                mechanisms.start("scram-sha-256", ChannelBindings.NONE).orElseThrow();
        return ((SaslStep.Challenge) step(server, "n,,n=" + name + ",r=abc"))
                .text()
                .split(",", -1)[1]
                .substring(2);
    }

    @Test
    void bindsToTheChannel() throws Exception {
        assertThat(exchange("SCRAM-SHA-256-PLUS", TLS, "p=tls-exporter,,", EXPORTED, "alice", "geheim"))
                .isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void refusesOtherChannel() throws Exception {
        byte[] other = EXPORTED.clone();
        other[0] ^= 1;
        assertThat(exchange("SCRAM-SHA-256-PLUS", TLS, "p=tls-exporter,,", other, "alice", "geheim"))
                .isEqualTo(
                        new SaslStep.Failure(SaslStep.Reason.CREDENTIALS, "alice", "channel binding does not match"));
    }

    @Test
    void refusesBindingTypeThatTheConnectionLacks() throws Exception {
        assertThat(exchange("SCRAM-SHA-256-PLUS", TLS, "p=tls-unique,,", EXPORTED, "alice", "geheim"))
                .isInstanceOf(SaslStep.Failure.class);
        assertThat(exchange("SCRAM-SHA-256", TLS, "p=tls-exporter,,", EXPORTED, "alice", "geheim"))
                .isInstanceOf(SaslStep.Failure.class);
    }

    @Test
    void detectsDowngradeOfChannelBinding() throws Exception {
        assertThat(exchange("SCRAM-SHA-256", TLS, "y,,", new byte[0], "alice", "geheim"))
                .isEqualTo(new SaslStep.Failure(
                        SaslStep.Reason.CREDENTIALS, "alice", "channel binding was downgraded on the way"));
        assertThat(exchange("SCRAM-SHA-256", ChannelBindings.NONE, "y,,", new byte[0], "alice", "geheim"))
                .isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void grantsOwnAuthorizationIdentityOnly() throws Exception {
        assertThat(exchange("SCRAM-SHA-256", TLS, "n,a=alice,", new byte[0], "alice", "geheim"))
                .isInstanceOf(SaslStep.Success.class);
        assertThat(exchange("SCRAM-SHA-256", TLS, "n,a=Alice@posthorn.test,", new byte[0], "alice", "geheim"))
                .isInstanceOf(SaslStep.Success.class);
        assertThat(exchange("SCRAM-SHA-256", TLS, "n,a=bob,", new byte[0], "alice", "geheim"))
                .isEqualTo(
                        new SaslStep.Failure(SaslStep.Reason.CREDENTIALS, "alice", "may not act as another account"));
    }

    @Test
    void reportsBackEndThatDoesNotAnswer() {
        SaslServer server = mechanisms.start("SCRAM-SHA-256", TLS).orElseThrow();
        assertThat(step(server, "n,,n=down,r=abc"))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.TEMPORARY, "down", "down"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,",
                "n,,",
                "n,,n=alice",
                "n,,r=abc,n=alice",
                "n,,n=,r=abc",
                "n,,n=alice,r=",
                "x,,n=alice,r=a",
                "p=,,n=alice,r=a",
                "n,b=x,n=alice,r=abc",
                "n,,m=ext,n=alice,r=abc",
                "n,,n=al=ce,r=abc",
                "n,,n=al=2c,r=abc",
                "n,,n=alice,r=a b",
                "n,,n=\u0007,r=abc"
            })
    void refusesMalformedClientFirst(String message) {
        SaslServer server =
                mechanisms.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        assertThat(step(server, message))
                .isInstanceOfSatisfying(
                        SaslStep.Failure.class, f -> assertThat(f.reason()).isEqualTo(SaslStep.Reason.SYNTAX));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c=biws", "c=biws,r=", "c=biws,r=x,p=*", ",p=AAAA", "r=x,c=biws,p=AAAA"})
    void refusesMalformedClientFinal(String message) {
        SaslServer server =
                mechanisms.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        assertThat(step(server, "n,,n=alice,r=abc")).isInstanceOf(SaslStep.Challenge.class);
        assertThat(step(server, message))
                .isInstanceOfSatisfying(
                        SaslStep.Failure.class, f -> assertThat(f.reason()).isEqualTo(SaslStep.Reason.SYNTAX));
    }

    @Test
    void refusesForeignNonce() throws Exception {
        SaslServer server =
                mechanisms.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        ScramClient client = new ScramClient("n,,", new byte[0], "alice", "geheim", "abc");
        String first = ((SaslStep.Challenge) step(server, client.first())).text();
        assertThat(step(server, client.last(first.replace("r=abc", "r=abd"))))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.CREDENTIALS, "alice", "nonce does not match"));
    }

    @Test
    void keysHaveBounds() {
        byte[] key = new byte[32];
        assertThatThrownBy(() -> new ScramKeys(key, 4095, key, key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScramKeys(new byte[0], 4096, key, key))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScramKeys(key, 4096, new byte[31], key))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private SaslStep exchange(
            String mechanism, ChannelBindings bindings, String header, byte[] channel, String name, String password)
            throws Exception {
        SaslServer server = mechanisms.start(mechanism, bindings).orElseThrow();
        ScramClient client = new ScramClient(header, channel, name, password, "fyko+d2lbbFgONRv9qkxdawL");
        SaslStep first = step(server, client.first());
        if (!(first instanceof SaslStep.Challenge serverFirst)) {
            return first;
        }
        SaslStep last = step(server, client.last(serverFirst.text()));
        if (!(last instanceof SaslStep.Challenge serverFinal)) {
            return last;
        }
        assertThat(serverFinal.text()).isEqualTo(client.expectedServerFinal());
        return step(server, "");
    }

    private static SaslStep step(SaslServer server, String message) {
        return server.stepBase64(Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8)));
    }

    private SaslStep.Failure refused(String message, ChannelBindings bindings) {
        return (SaslStep.Failure)
                step(mechanisms.start("SCRAM-SHA-256", bindings).orElseThrow(), message);
    }

    @Test
    void boundsTheNonceAndTheNameOfTheBinding() {
        String longest = "n,,n=alice,r=" + "!".repeat(1_023) + "~";
        SaslServer server =
                mechanisms.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        assertThat(step(server, longest)).isInstanceOf(SaslStep.Challenge.class);
        assertThat(refused(longest + "~", ChannelBindings.NONE).detail()).isEqualTo("bad nonce");
        assertThat(refused("n,,n=alice,r=\u007f", ChannelBindings.NONE).detail())
                .isEqualTo("bad nonce");
        assertThat(refused("p=x,,n=alice,r=a", TLS).detail()).isEqualTo("unsupported channel binding x");
        String type = "x".repeat(62);
        assertThat(refused("p=" + type + ",,n=alice,r=a", TLS).detail())
                .isEqualTo("unsupported channel binding " + type);
        assertThat(refused("p=" + type + "x,,n=alice,r=a", TLS).detail()).isEqualTo("bad channel binding flag");
        assertThat(refused("p=,,n=alice,r=a", TLS).detail()).isEqualTo("bad channel binding flag");
        assertThat(refused("n,,n=a\0b,r=a", TLS).detail()).isEqualTo("NUL in a name");
        assertThat(refused("n,,n=a=2", TLS).reason()).isEqualTo(SaslStep.Reason.SYNTAX);
    }

    @Test
    void aPlusMechanismWantsABinding() {
        SaslServer none = mechanisms.start("SCRAM-SHA-256-PLUS", TLS).orElseThrow();
        assertThat(step(none, "n,,n=alice,r=a"))
                .isEqualTo(new SaslStep.Failure(
                        SaslStep.Reason.SYNTAX, "alice", "no channel binding with a -PLUS mechanism"));
        SaslServer notOffered = mechanisms.start("SCRAM-SHA-256-PLUS", TLS).orElseThrow();
        assertThat(step(notOffered, "y,,n=alice,r=a"))
                .isEqualTo(new SaslStep.Failure(
                        SaslStep.Reason.CREDENTIALS, "alice", "channel binding was downgraded on the way"));
    }

    @Test
    void theClientConfirmsWithAnEmptyResponse() throws Exception {
        SaslServer server =
                mechanisms.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        ScramClient client = new ScramClient("n,,", new byte[0], "alice", "geheim", "abc");
        String first = ((SaslStep.Challenge) step(server, client.first())).text();
        assertThat(step(server, client.last(first))).isEqualTo(new SaslStep.Challenge(client.expectedServerFinal()));
        assertThat(step(server, "x"))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.SYNTAX, "alice", "expected an empty response"));
    }

    @Test
    void readsAttributesBehindThoseItKnows() {
        SaslServer server =
                mechanisms.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        assertThat(step(server, "n,,n=alice,r=abc,x=y")).isInstanceOf(SaslStep.Challenge.class);
        assertThat(step(server, "c=biws,x=abc,p=AAAA"))
                .isEqualTo(new SaslStep.Failure(SaslStep.Reason.SYNTAX, "alice", "expected attribute r"));
    }

    @Test
    void keysAreOfTheDocumentedSizes() {
        byte[] key = new byte[32];
        assertThat(new ScramKeys(new byte[1], 4_096, key, key).iterations()).isEqualTo(4_096);
        assertThat(new ScramKeys(new byte[64], 10_000_000, key, key).salt()).hasSize(64);
        assertThatThrownBy(() -> new ScramKeys(new byte[65], 4_096, key, key))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScramKeys(key, 10_000_001, key, key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScramKeys(key, 4_096, key, new byte[33]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ScramKeys.ITERATIONS).isEqualTo(15_000);
        assertThat(ScramKeys.SALT_LENGTH).isEqualTo(16);
    }

    @Test
    void keysWithoutProofLookAlikeAndFitNone() {
        ScramKeys keys = ScramKeys.derive("geheim", SECRET, 4_096);
        ScramKeys without = keys.withoutProof();
        assertThat(without.salt()).isEqualTo(SECRET);
        assertThat(without.iterations()).isEqualTo(4_096);
        assertThat(without.storedKey()).hasSize(32).isNotEqualTo(keys.storedKey());
        assertThat(without.serverKey()).hasSize(32).isNotEqualTo(keys.serverKey());
        assertThat(keys.accepts(new byte[31], "x")).isFalse();
    }
}
