package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.testing.Keys;

class DkimVerifierTest {
    private static final Domain HERE = Domain.parse("example.com");
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final byte[] BODY = "Hello,  world.\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<HeaderField> FIELDS = List.of(
            HeaderField.of("From", "Alice <alice@example.com>"),
            HeaderField.of("To", "bob@example.org"),
            HeaderField.of("Subject", "a\r\n folded  subject"));

    private final ZoneResolver dns = new ZoneResolver();
    private final RecordingResolver asked = new RecordingResolver(dns);

    private static KeyPair pair(DkimAlgorithm algorithm) {
        return algorithm == DkimAlgorithm.RSA_SHA256 ? Keys.RSA : Keys.ED25519;
    }

    private void publish(DkimAlgorithm algorithm, String more) {
        String record = DkimKeyRecord.text(algorithm, pair(algorithm).getPublic());
        dns.withTxt("s._domainkey.example.com", more.isEmpty() ? record : record.replace("p=", more + "; p="));
    }

    private static String signature(DkimAlgorithm algorithm) {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(BODY, 0, BODY.length);
        return new DkimSigner(HERE, List.of(new DkimKey("s", pair(algorithm).getPrivate())))
                .sign(FIELDS, hash.finish(), NOW)
                .replaceFirst("\r\n$", "");
    }

    private static List<HeaderField> with(String signature, List<HeaderField> fields) {
        List<HeaderField> all = new ArrayList<>(List.of(new HeaderField(signature)));
        all.addAll(fields);
        return all;
    }

    private List<DkimVerdict> verify(List<HeaderField> fields, byte[] body, Instant now) {
        DkimVerifier.Verification verification = new DkimVerifier(asked).begin(fields);
        verification.body(body, 0, body.length);
        return verification.finish(now);
    }

    private DkimVerdict verify(String signature) {
        return verify(with(signature, FIELDS), BODY, NOW).getFirst();
    }

    /** A signature with other tags; its b= is of no use, so that only what comes before the comparison is tried. */
    private static String changed(String from, String to) {
        String signature = signature(DkimAlgorithm.ED25519_SHA256);
        assertThat(signature).contains(from);
        return signature.replaceFirst(java.util.regex.Pattern.quote(from), to);
    }

    @ParameterizedTest
    @EnumSource
    void whatWeSignVerifies(DkimAlgorithm algorithm) {
        publish(algorithm, "");
        DkimVerdict verdict = verify(signature(algorithm));
        assertThat(verdict.result()).as(verdict.reason()).isEqualTo(DkimResult.PASS);
        assertThat(verdict.domain()).isEqualTo("example.com");
        assertThat(verdict.signature()).hasSize(8);
        assertThat(verdict.reason()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void libcryptoAndTheJdkAgree(DkimAlgorithm algorithm) {
        KeyPair pair = pair(algorithm);
        byte[] data = "some data".getBytes(StandardCharsets.US_ASCII);
        byte[] signature = java.util.Base64.getDecoder().decode(new DkimKey("s", pair.getPrivate()).sign("some data"));
        byte[] forged = signature.clone();
        forged[7] ^= 1;
        String record = DkimKeyRecord.text(algorithm, pair.getPublic());
        VerifyingKey jdk = KeyRecord.parse(record, Optional.empty()).key().orElseThrow();
        assertThat(jdk.isNative()).isFalse();
        List<VerifyingKey> keys = new ArrayList<>(List.of(jdk));
        LibCrypto.loaded()
                .ifPresent(c ->
                        keys.add(KeyRecord.parse(record, Optional.of(c)).key().orElseThrow()));
        for (VerifyingKey key : keys) {
            assertThat(key.verifies(data, signature)).isTrue();
            assertThat(key.verifies(data, forged)).isFalse();
            assertThat(key.verifies(data, Arrays.copyOf(signature, 5))).isFalse();
            assertThat(key.verifies(new byte[0], signature)).isFalse();
        }
    }

    @Test
    void rejectsSignatureWhoseBodyHashDiffers() {
        publish(DkimAlgorithm.RSA_SHA256, "");
        byte[] other = "Hello, word.\r\n".getBytes(StandardCharsets.US_ASCII);
        DkimVerdict verdict = verify(with(signature(DkimAlgorithm.RSA_SHA256), FIELDS), other, NOW)
                .getFirst();
        assertThat(verdict.result()).isEqualTo(DkimResult.FAIL);
        assertThat(verdict.reason()).contains("body was changed");
    }

    @Test
    void saysThatAListHasChangedTheMessage() {
        publish(DkimAlgorithm.RSA_SHA256, "");
        List<HeaderField> list = new ArrayList<>(FIELDS);
        list.set(2, HeaderField.of("Subject", "[list] a folded subject"));
        list.add(HeaderField.of("List-Post", "<mailto:list@example.net>"));
        DkimVerdict verdict = verify(with(signature(DkimAlgorithm.RSA_SHA256), list), BODY, NOW)
                .getFirst();
        assertThat(verdict.result()).isEqualTo(DkimResult.FAIL);
        assertThat(verdict.reason()).contains("mailing list");
    }

    @Test
    void anAddedFieldIsNoticedWhereItsNameIsOversigned() {
        publish(DkimAlgorithm.RSA_SHA256, "");
        List<HeaderField> more = new ArrayList<>(FIELDS);
        more.addFirst(HeaderField.of("From", "Mallory <mallory@example.net>"));
        assertThat(verify(with(signature(DkimAlgorithm.RSA_SHA256), more), BODY, NOW)
                        .getFirst()
                        .result())
                .isEqualTo(DkimResult.FAIL);
        List<HeaderField> harmless = new ArrayList<>(FIELDS);
        harmless.addFirst(HeaderField.of("X-Spam-Status", "No"));
        assertThat(verify(with(signature(DkimAlgorithm.RSA_SHA256), harmless), BODY, NOW)
                        .getFirst()
                        .result())
                .isEqualTo(DkimResult.PASS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=1;               | v=2;                       | version
            a=ed25519-sha256   | a=rsa-sha1                 | not valid any more
            a=ed25519-sha256   | a=rot13-md5                | not known
            c=relaxed/relaxed  | c=relaxed/odd              | canonicalization
            d=example.com      | d=                         | d is missing
            d=example.com      | d=exam_ple..com            | not a domain
            h=From:            | h=Fromm:                   | From is not signed
            s=s;               | i=@example.net; s=s;       | not below d=
            s=s;               | i=@example=2Enet; s=s;     | not below d=
            s=s;               | i=a=0D=0Ab@example.com; s=s; | control character in tag i
            s=s;               | q=http; s=s;               | no known way
            s=s;               | s=s; s=s;                  | twice
            t=                 | x=1; t=                    | expires before
            t=                 | l=99999; t=                | l=99999
            t=                 | l=-1; t=                   | not a number
            bh=                | bh=!                       | not base64
            """)
    void judgesSignaturesThatAreNotAsTheyMustBe(String from, String to, String reason) {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        String signature = changed(from, to);
        if (to.startsWith("h=Fromm")) {
            signature = signature.replace(":From:", ":Fromm:");
        }
        DkimVerdict verdict = verify(signature);
        assertThat(verdict.result()).as(verdict.reason()).isEqualTo(DkimResult.PERMERROR);
        assertThat(verdict.reason()).contains(reason);
    }

    @Test
    void anExpiredSignatureIsNone() {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        String signature = changed("t=", "x=" + NOW.plusSeconds(60).getEpochSecond() + "; t=");
        assertThat(verify(signature).result()).isEqualTo(DkimResult.FAIL);
        DkimVerdict later =
                verify(with(signature, FIELDS), BODY, NOW.plusSeconds(61)).getFirst();
        assertThat(later.result()).isEqualTo(DkimResult.PERMERROR);
        assertThat(later.reason()).contains("expired");
    }

    @Test
    void aClockThatIsFarAheadIsNotBelieved() {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        String signature = signature(DkimAlgorithm.ED25519_SHA256);
        assertThat(verify(with(signature, FIELDS), BODY, NOW.minusSeconds(600))
                        .getFirst()
                        .result())
                .isEqualTo(DkimResult.PASS);
        assertThat(verify(with(signature, FIELDS), BODY, NOW.minusSeconds(1000))
                        .getFirst()
                        .reason())
                .contains("in the future");
    }

    @ParameterizedTest
    @CsvSource({
        "h=sha1, not for sha256",
        "s=tlsrpt, not for mail",
        "k=rsa, the key is for rsa",
    })
    void judgesKeysThatAreForSomethingElse(String more, String reason) {
        if (more.startsWith("k=")) {
            dns.withTxt("s._domainkey.example.com", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, Keys.RSA.getPublic()));
        } else {
            publish(DkimAlgorithm.ED25519_SHA256, more);
        }
        DkimVerdict verdict = verify(signature(DkimAlgorithm.ED25519_SHA256));
        assertThat(verdict.result()).isEqualTo(DkimResult.PERMERROR);
        assertThat(verdict.reason()).contains(reason);
    }

    @Test
    void aKeyForItsVeryDomainDoesNotServeOnesBelow() {
        publish(DkimAlgorithm.ED25519_SHA256, "t=y:s");
        DkimVerdict below = verify(changed("s=s;", "i=a@sub.example.com; s=s;"));
        assertThat(below.reason()).contains("t=s");
        DkimVerdict very = verify(signature(DkimAlgorithm.ED25519_SHA256));
        assertThat(very.result()).isEqualTo(DkimResult.PASS);
        assertThat(very.testing()).isTrue();
    }

    /** RFC 6376 3.5, 2.11. */
    @ParameterizedTest
    @CsvSource({
        "jo=2Ee@example.com, jo.e@example.com",
        "joe@example=2Ecom, joe@example.com",
        "joe=40example.com, joe@example.com",
        "j=C3=BCrgen@sub.example.com, j\u00fcrgen@sub.example.com",
        "'jo e@exa\tmple.com', joe@example.com",
        "bounces+bob=net@example.com, bounces+bob=net@example.com",
        "joe=3d=2e=@example.com, joe=3d=2e=@example.com"
    })
    void readsIdentitiesInQuotedPrintable(String written, String meant) {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        DkimVerdict verdict = verify(changed("s=s;", "i=" + written + "; s=s;"));
        assertThat(verdict.identity()).isEqualTo(meant);
    }

    @Test
    void tellsMissingRevokedAndUnreachableKeysApart() {
        String signature = signature(DkimAlgorithm.RSA_SHA256);
        assertThat(verify(signature).reason()).isEqualTo("no key at s._domainkey.example.com");
        dns.withFailure(RecordType.TXT, "s._domainkey.example.com", FailureKind.SERVFAIL);
        assertThat(verify(signature).result()).isEqualTo(DkimResult.TEMPERROR);
        DkimVerdict revoked =
                new DkimVerifierTest().withRecord("v=DKIM1; k=rsa; p=").verify(signature);
        assertThat(revoked.result()).isEqualTo(DkimResult.PERMERROR);
        assertThat(revoked.reason()).contains("revoked");
    }

    private DkimVerifierTest withRecord(String record) {
        dns.withTxt("s._domainkey.example.com", record);
        return this;
    }

    @Test
    void anRsaKeyOfFewerThan1024BitsIsTooShort() {
        String record =
                "v=DKIM1; p=MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMUUS6qlVpzbGQ3SCsGwpuVlC6gtw+BXMkFhm+jd57GXPtwpbOgr"
                        + "+UaHlbq6OnFAgrHxVx55RrSsTxixw0t0ePGkdBHjE7fURGphf+Mr1gzhvvLO6j1f1/60zvQPyay5UQIDAQAB";
        DkimVerdict verdict = withRecord(record).verify(signature(DkimAlgorithm.RSA_SHA256));
        assertThat(verdict.result()).isEqualTo(DkimResult.PERMERROR);
        assertThat(verdict.reason()).contains("768 bits");
    }

    @Test
    void theFirstUsableOfSeveralKeyRecordsCounts() {
        withRecord("v=spf1 -all").publish(DkimAlgorithm.RSA_SHA256, "");
        assertThat(verify(signature(DkimAlgorithm.RSA_SHA256)).result()).isEqualTo(DkimResult.PASS);
    }

    @Test
    void anUnsignedMessageHasOneVerdict() {
        assertThat(verify(FIELDS, BODY, NOW)).extracting(DkimVerdict::result).containsExactly(DkimResult.NONE);
    }

    @Test
    void simpleCanonicalizationCoversEveryOctet() {
        publish(DkimAlgorithm.RSA_SHA256, "");
        // The simple form of what was signed as relaxed is another message.
        assertThat(verify(signature(DkimAlgorithm.RSA_SHA256).replace("c=relaxed/relaxed", "c=simple/simple"))
                        .result())
                .isEqualTo(DkimResult.FAIL);
    }

    @Test
    void looksAtABoundedNumberOfSignatures() {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        List<HeaderField> fields = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            fields.add(new HeaderField(changed("s=s;", "s=s" + i + ";")));
        }
        fields.addAll(FIELDS);
        List<DkimVerdict> verdicts = verify(fields, BODY, NOW);
        assertThat(verdicts).hasSize(20 + 1);
        assertThat(verdicts.getLast().result()).isEqualTo(DkimResult.POLICY);
        assertThat(asked.questions()).hasSize(20);
    }

    @Test
    void oneKeyIsAskedForOnce() {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        String signature = signature(DkimAlgorithm.ED25519_SHA256);
        List<HeaderField> fields = with(signature, with(signature, FIELDS));
        assertThat(verify(fields, BODY, NOW)).hasSize(2).allMatch(DkimVerdict::passed);
        assertThat(asked.questions()).hasSize(1);
    }

    @Test
    void hashesABoundedNumberOfDifferentParts() {
        publish(DkimAlgorithm.ED25519_SHA256, "");
        List<HeaderField> fields = new ArrayList<>();
        for (int i = 0; i < DkimVerifier.MAX_SIGNATURES; i++) {
            fields.add(new HeaderField(changed("t=", "l=" + i + "; t=")));
        }
        fields.addAll(FIELDS);
        assertThat(verify(fields, BODY, NOW))
                .filteredOn(verdict -> verdict.result() == DkimResult.POLICY)
                .hasSize(DkimVerifier.MAX_SIGNATURES - BodyHashes.MAX_PARTS);
    }

    @Test
    void hugeInputIsRefusedWhereItIsRead() {
        assertThat(withRecord("v=DKIM1; p=" + "A".repeat(1 << 20))
                        .verify(signature(DkimAlgorithm.RSA_SHA256))
                        .reason())
                .contains("1048587 characters");
        assertThat(verify("DKIM-Signature: " + "a=b; ".repeat(100_000)).result())
                .isEqualTo(DkimResult.PERMERROR);
        StringBuilder tags = new StringBuilder("DKIM-Signature: ");
        for (int i = 0; i < 5000; i++) {
            tags.append('t').append(i).append("=1; ");
        }
        assertThat(verify(tags.toString()).reason()).contains("more than 100 tags");
        assertThat(verify(changed("h=From:", "h=" + "x:".repeat(100_000) + "From:"))
                        .reason())
                .contains("names in h=");
    }

    @Test
    void internationalDomainsAreComparedAsALabels() {
        KeyPair pair = Keys.ED25519;
        dns.withTxt(
                "s._domainkey.xn--mller-kva.example",
                DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, pair.getPublic()));
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(BODY, 0, BODY.length);
        String utf8 = new String("m\u00fcller.example".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        DkimSignature parsed = DkimSignature.parse(new HeaderField("DKIM-Signature: v=1; a=ed25519-sha256; d=" + utf8
                + "; s=s; i=j\u00c3\u00bcrgen@" + utf8 + "; h=from; bh=" + hash.finish() + "; b=AAAA"));
        assertThat(parsed.domain().name()).isEqualTo("xn--mller-kva.example");
        assertThat(parsed.keyName()).isEqualTo("s._domainkey.xn--mller-kva.example");
        assertThat(parsed.identity()).startsWith("j\u00fcrgen@");
    }
}
