package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.HeaderField;
import org.posthorn.testing.Keys;

/** Limits of signatures and keys: the last that is taken, the first that is not. */
class DkimBoundsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final HeaderField FROM = HeaderField.of("From", "a@example.com");
    private static final String KEY = DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, Keys.ED25519.getPublic());
    private static final String TAGS = "v=1; a=ed25519-sha256; d=example.com; s=s; h=from; bh=AAAA; b=AAAA";

    private final ZoneResolver dns = new ZoneResolver().withTxt("s._domainkey.example.com", KEY);

    private DkimVerdict verdict(String signature, String body, Instant now) {
        List<HeaderField> fields = new ArrayList<>(List.of(new HeaderField("DKIM-Signature: " + signature), FROM));
        DkimVerifier.Verification verification = new DkimVerifier(dns).begin(fields);
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        verification.body(octets, 0, octets.length);
        return verification.finish(now).getFirst();
    }

    private DkimVerdict verdict(String more) {
        return verdict(TAGS + "; " + more, "x\r\n", NOW);
    }

    private static DkimSignature parse(String tags) {
        return DkimSignature.parse(new HeaderField("DKIM-Signature: " + tags));
    }

    /** The second of x= still counts, and our clock may be 15 minutes behind theirs. */
    @Test
    void timesAreTakenToTheSecond() {
        long now = NOW.getEpochSecond();
        assertThat(verdict("x=" + now).result()).isEqualTo(DkimResult.FAIL);
        assertThat(verdict("x=" + (now - 1)).reason()).isEqualTo("expired at 2026-11-23T19:59:59Z");
        assertThat(verdict("t=" + (now + 900)).result()).isEqualTo(DkimResult.FAIL);
        assertThat(verdict("t=" + (now + 901)).reason()).isEqualTo("made in the future, at 2026-11-23T20:15:01Z");
        assertThat(verdict("t=999999999999999999").reason())
                .isEqualTo("made in the future, at 999999999999999999 seconds after 1970");
        assertThatCode(() -> parse(TAGS + "; t=1; x=2")).doesNotThrowAnyException();
        assertThatThrownBy(() -> parse(TAGS + "; t=2; x=2")).hasMessage("it expires before it was made");
    }

    /** RFC 6376 3.5: l= is at most what there is; 8.2: and less than that is remarkable. */
    @Test
    void lengthsAreOfTheCanonicalBody() {
        String signature = TAGS.replace("v=1;", "v=1; c=relaxed/relaxed;");
        String body = "xy\r\n";
        for (int length : new int[] {0, 1, 4}) {
            BodyHash hash = new BodyHash(Canonicalization.RELAXED, length);
            hash.update(body.getBytes(StandardCharsets.ISO_8859_1), 0, 4);
            HeaderField unsigned = new HeaderField("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;"
                    + " d=example.com; s=s; h=from; l=" + length + "; bh=" + hash.finish() + "; b=");
            String signed = SignedHeader.ofNames(
                            new HeaderHash(List.of(FROM)), Canonicalization.RELAXED, List.of("from"))
                    .sign(unsigned, new DkimKey("s", Keys.ED25519.getPrivate()));
            DkimVerdict verdict =
                    verdict(signed.substring("DKIM-Signature: ".length()).strip(), body, NOW);
            assertThat(verdict.passed()).as(verdict.reason()).isTrue();
            assertThat(verdict.reason())
                    .isEqualTo(length == 4 ? "" : "covers only " + length + " of 4 octets of the body");
            assertThat(verdict.covered()).hasValue(length);
            assertThat(verdict.keyBits()).isEqualTo(256);
        }
        assertThat(verdict(signature + "; l=5", body, NOW).reason()).isEqualTo("l=5, but the body has 4 octets");
    }

    @Test
    void namesAndSignaturesAreCounted() {
        String names = "from:" + "x:".repeat(998) + "y";
        assertThat(parse(TAGS.replace("h=from", "h=" + names)).names()).hasSize(1_000);
        assertThatThrownBy(() -> parse(TAGS.replace("h=from", "h=" + names + ":z")))
                .hasMessage("more than 1000 names in h=");
        assertThat(DkimVerifier.MAX_SIGNATURES).isEqualTo(20);
        assertThat(parse(TAGS).length()).isEmpty();
        assertThat(verdict(TAGS, "x\r\n", NOW).signature()).isEqualTo("AAAA");
    }

    @ParameterizedTest
    @CsvSource({
        "q=dns, ''",
        "q=dns/txt, ''",
        "q=x:dns/txt, ''",
        "q=x, no known way of asking for the key: x",
        "c=simple, ''",
        "c=relaxed/simple, ''",
        "c=relaxed/simple/simple, not a canonicalization",
        "c=odd, unknown canonicalization odd",
        "i=a@example.com, ''",
        "i=@sub.example.com, ''",
        "i=a@notexample.com, i= is not below d=",
        "i=example.com, i= is not below d="
    })
    void readsTagsOfASignature(String tag, String reason) {
        if (reason.isEmpty()) {
            assertThatCode(() -> parse(TAGS + "; " + tag)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> parse(TAGS + "; " + tag)).hasMessage(reason);
        }
    }

    /** RFC 6376 3.5: where one form is named only, it is the header's. */
    @Test
    void formsHaveDefaults() {
        assertThat(parse(TAGS).headerForm()).isEqualTo(Canonicalization.SIMPLE);
        assertThat(parse(TAGS + "; c=relaxed").headerForm()).isEqualTo(Canonicalization.RELAXED);
        assertThat(parse(TAGS + "; c=relaxed").bodyForm()).isEqualTo(Canonicalization.SIMPLE);
        assertThat(parse(TAGS).identity()).isEqualTo("@example.com");
        assertThat(DkimSignature.parseArc(new HeaderField("ARC-Message-Signature: " + TAGS))
                        .bodyForm())
                .isEqualTo(Canonicalization.RELAXED);
        assertThatThrownBy(() -> parse(TAGS.replace("h=from", "h=to"))).hasMessage("From is not signed");
        assertThatThrownBy(() -> parse(TAGS.replace("a=ed25519-sha256; ", ""))).hasMessage("tag a is missing");
        assertThatThrownBy(() -> parse(TAGS.replace("v=1", "v=2"))).hasMessage("version 2 instead of 1");
    }

    @Test
    void fourKeyRecordsOfANameAreLookedAt() {
        ZoneResolver four = new ZoneResolver();
        for (int i = 0; i < 3; i++) {
            four.withTxt("k", "v=spf1 " + i);
        }
        four.withTxt("k", KEY);
        assertThat(new KeyLookup(four).find("k")).isInstanceOf(KeyLookup.Found.Key.class);
        ZoneResolver five = new ZoneResolver();
        for (int i = 0; i < 4; i++) {
            five.withTxt("k", "v=spf1 " + i);
        }
        five.withTxt("k", KEY);
        assertThat(new KeyLookup(five).find("k")).isInstanceOf(KeyLookup.Found.Unusable.class);
    }

    @Test
    void keyRecordsHave16384Characters() {
        String longest = KEY + "; n=";
        assertThatCode(() -> KeyRecord.parse(longest + "x".repeat(16_384 - longest.length())))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> KeyRecord.parse(longest + "x".repeat(16_385 - longest.length())))
                .hasMessage("key record of 16385 characters");
    }

    @Test
    void anRsaKeyOf1024BitsIsEnough() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        for (int bits : new int[] {1_016, 1_024}) {
            generator.initialize(bits);
            var pair = generator.generateKeyPair();
            ZoneResolver zone =
                    new ZoneResolver().withTxt("k", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, pair.getPublic()));
            assertThat(new KeyLookup(zone).usable("rsa-sha256", "k", false) instanceof KeyLookup.Found.Key)
                    .isEqualTo(bits == 1_024);
            if (bits < 1_024) {
                assertThatIllegalArgumentException().isThrownBy(() -> new DkimKey("s", pair.getPrivate()));
            } else {
                assertThat(new DkimKey("s", pair.getPrivate()).algorithm()).isEqualTo(DkimAlgorithm.RSA_SHA256);
            }
        }
    }

    @Test
    void sixPartsOfABodyAreHashedBesideTheWhole() {
        BodyHashes hashes = new BodyHashes();
        for (int i = 0; i < 6; i++) {
            assertThat(hashes.want(Canonicalization.SIMPLE, OptionalLong.of(i))).isTrue();
        }
        assertThat(hashes.want(Canonicalization.SIMPLE, OptionalLong.of(6))).isFalse();
        assertThat(hashes.want(Canonicalization.SIMPLE, OptionalLong.of(5))).isTrue();
        assertThat(hashes.want(Canonicalization.SIMPLE, OptionalLong.empty())).isTrue();
        assertThat(hashes.want(Canonicalization.RELAXED, OptionalLong.empty())).isTrue();
        assertThat(hashes.size()).isEqualTo(8);
        hashes.update("abc".getBytes(StandardCharsets.US_ASCII), 0, 3);
        hashes.finish();
        hashes.finish();
        assertThat(hashes.of(Canonicalization.SIMPLE, OptionalLong.empty())
                        .orElseThrow()
                        .canonicalLength())
                .isEqualTo(5);
        assertThat(hashes.of(Canonicalization.SIMPLE, OptionalLong.of(6))).isEmpty();
        assertThat(hashes.hadBefore(Canonicalization.SIMPLE, "x")).isFalse();
    }

    private static List<String> cuts(String body, int piece) {
        List<String> parts = new ArrayList<>(List.of(""));
        LineCuts cuts = new LineCuts(new LineCuts.Sink() {
            @Override
            public void take(byte[] bytes, int offset, int length) {
                parts.set(
                        parts.size() - 1,
                        parts.getLast() + new String(bytes, offset, length, StandardCharsets.US_ASCII));
            }

            @Override
            public void cut() {
                parts.add("");
            }
        });
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        cuts.update(bytes, 0, 0);
        for (int i = 0; i < bytes.length; i += piece) {
            cuts.update(bytes, i, Math.min(piece, bytes.length - i));
        }
        cuts.finish();
        return parts;
    }

    @Test
    void cutsBeforeRulesWhereverTheBodyIsCut() {
        String body = "-\n--a\nx--\n__b\n-_c\n**\n==\n##\n~~\n++\n-";
        for (int piece = 1; piece <= body.length(); piece++) {
            assertThat(cuts(body, piece))
                    .as("pieces of " + piece)
                    .containsExactly("-\n", "--a\nx--\n", "__b\n-_c\n", "**\n", "==\n", "##\n", "~~\n", "++\n-");
        }
        assertThat(cuts("--\n".repeat(1_001), 7)).hasSize(1_001);
        assertThat(cuts("--\n".repeat(1_000), 7)).hasSize(1_001);
        assertThat(cuts("--\n".repeat(999), 7)).hasSize(1_000);
    }

    @Test
    void stylesHaveAnIdentityAndALifetimeOfASecond() {
        Canonicalization simple = Canonicalization.SIMPLE;
        assertThatCode(() ->
                        new SigningStyle(simple, simple, Optional.of(Duration.ofSeconds(1)), Optional.of("@x.test")))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new SigningStyle(simple, simple, Optional.of(Duration.ofMillis(999)), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "S_1-x", "a.b.c.d"})
    void selectorsHaveUpToFourLabels(String selector) {
        assertThat(DkimKey.isSelector(selector)).isTrue();
        assertThat(DkimKey.isSelector("x".repeat(63))).isTrue();
        assertThat(DkimKey.isSelector("x".repeat(64))).isFalse();
        assertThat(DkimKey.isSelector("a.b.c.d.e")).isFalse();
    }

    /** Lines of at most 76 characters, whatever the lengths of the tags before. */
    @Test
    void writtenFieldsFoldAt76Characters() {
        String signature = Base64.getEncoder().encodeToString(new byte[256]);
        for (int length = 1; length < 80; length++) {
            HeaderField unsigned = new SignatureWriter("DKIM-Signature")
                    .tag("v", "1")
                    .tag("x", "y".repeat(length))
                    .names(List.of("From", "To", "a".repeat(length), "b".repeat(length)))
                    .tag("bh", "z".repeat(44))
                    .unsigned();
            String field = SignatureWriter.signed(unsigned, signature);
            assertThat(field).endsWith("\r\n");
            assertThat(field.replaceAll("\\s", ""))
                    .isEqualTo("DKIM-Signature:v=1;x=" + "y".repeat(length) + ";h=From:To:" + "a".repeat(length) + ":"
                            + "b".repeat(length) + ";bh=" + "z".repeat(44) + ";b=" + signature);
            if (length < 70) {
                assertThat(field.lines()).as("length %d", length).allMatch(line -> line.length() <= 76);
            }
        }
    }
}
