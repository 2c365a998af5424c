package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.testing.Keys;

class SigningStyleTest {
    private static final Domain HERE = Domain.parse("example.com");
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final byte[] BODY = "Hello,  world. \r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<HeaderField> FIELDS =
            List.of(HeaderField.of("From", "Alice  <alice@example.com>"), HeaderField.of("Subject", " a\r\n b"));

    private final ZoneResolver dns = new ZoneResolver()
            .withTxt("r._domainkey.example.com", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, Keys.RSA.getPublic()))
            .withTxt(
                    "e._domainkey.example.com",
                    DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, Keys.ED25519.getPublic()));

    private static SigningStyle style(Optional<Duration> lifetime, Optional<String> identity) {
        return new SigningStyle(Canonicalization.RELAXED, Canonicalization.RELAXED, lifetime, identity);
    }

    private static String sign(SigningStyle style) {
        DkimSigner signer = new DkimSigner(
                HERE,
                List.of(new DkimKey("r", Keys.RSA.getPrivate()), new DkimKey("e", Keys.ED25519.getPrivate())),
                style);
        BodyHash hash = new BodyHash(signer.bodyForm());
        hash.update(BODY, 0, BODY.length);
        return signer.sign(FIELDS, hash.finish(), NOW);
    }

    private List<DkimVerdict> verify(String signatures, Instant now) {
        List<HeaderField> fields = new ArrayList<>();
        for (String field : signatures.split("\r\n(?=DKIM)", -1)) {
            fields.add(new HeaderField(field.replaceFirst("\r\n$", "")));
        }
        fields.addAll(FIELDS);
        DkimVerifier.Verification verification = new DkimVerifier(dns).begin(fields);
        verification.body(BODY, 0, BODY.length);
        return verification.finish(now);
    }

    @ParameterizedTest
    @CsvSource({"SIMPLE, SIMPLE", "SIMPLE, RELAXED", "RELAXED, SIMPLE", "RELAXED, RELAXED"})
    void everyPairOfCanonicalizationsVerifies(Canonicalization header, Canonicalization body) {
        String signed = sign(new SigningStyle(header, body, Optional.empty(), Optional.empty()));
        assertThat(signed)
                .contains("c=" + header.tag() + "/" + body.tag() + ";")
                .doesNotContain(" l=", " x=");
        assertThat(verify(signed, NOW)).hasSize(2).allMatch(DkimVerdict::passed);
    }

    @Test
    void aSignatureWithALifetimeExpires() {
        String signed = sign(style(Optional.of(Duration.ofDays(7)), Optional.empty()));
        assertThat(verify(signed, NOW.plus(Duration.ofDays(7)))).allMatch(DkimVerdict::passed);
        assertThat(verify(signed, NOW.plus(Duration.ofDays(7)).plusSeconds(1)))
                .extracting(DkimVerdict::reason)
                .allMatch(reason -> reason.startsWith("expired"));
    }

    @Test
    void theIdentityIsSigned() {
        String signed = sign(style(Optional.empty(), Optional.of("alice@sub.example.com")));
        assertThat(verify(signed, NOW))
                .allMatch(DkimVerdict::passed)
                .extracting(DkimVerdict::identity)
                .containsOnly("alice@sub.example.com");
    }

    @Test
    void anIdentityIsQuotedAndReadAsWhatItIs() {
        String signed = sign(style(Optional.empty(), Optional.of("bounce+bob=2Eexample.net@example.com")));
        assertThat(signed.replaceAll("\\s", "")).contains("i=bounce+bob=3D2Eexample.net@example.com;");
        assertThat(verify(signed, NOW))
                .allMatch(DkimVerdict::passed)
                .extracting(DkimVerdict::identity)
                .containsOnly("bounce+bob=2Eexample.net@example.com");
    }

    @Test
    void refusesWhatWouldNotVerify() {
        assertThatThrownBy(() -> sign(style(Optional.empty(), Optional.of("alice@example.net"))))
                .hasMessageContaining("not below d=");
        assertThatThrownBy(() -> style(Optional.empty(), Optional.of("a;b=c@example.com")))
                .hasMessageContaining("not an identity");
        assertThatThrownBy(() -> style(Optional.of(Duration.ZERO), Optional.empty()))
                .hasMessageContaining("lifetime");
    }
}
