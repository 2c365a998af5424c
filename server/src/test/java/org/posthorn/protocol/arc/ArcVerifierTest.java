package org.posthorn.protocol.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dkim.DkimVerifier;
import org.posthorn.protocol.dkim.HeaderCanonicalizer;
import org.posthorn.protocol.dkim.KeyLookup;
import org.posthorn.protocol.dkim.SignedHeader;
import org.posthorn.testing.Keys;

class ArcVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final String MESSAGE = "From: alice@example.com\r\nSubject: a chain\r\n\r\nHello\r\n";

    private final ZoneResolver dns = new ZoneResolver();
    private final RecordingResolver asked = new RecordingResolver(dns);
    private final DkimKey key = new DkimKey("s", Keys.ED25519.getPrivate());

    /** A chain of one set, which passes. */
    private String sealed() {
        dns.withTxt(
                "s._domainkey.example.org", DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, Keys.ED25519.getPublic()));
        ArcMessage message = ArcMessage.of(MESSAGE);
        return new ArcSealer(Domain.parse("example.org"), key)
                        .seal(message.fields(), ArcVerdict.none(), "example.org; none", message.bodyHash(), NOW)
                        .orElseThrow()
                + MESSAGE;
    }

    private ArcVerdict verdict(String text) {
        return ArcMessage.of(text).verify(asked, NOW);
    }

    /** Sets that are well-formed, one to a domain, whose signatures are of nothing. */
    private static String forged(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = to; i >= from; i--) {
            String tags = "i=" + i + "; a=ed25519-sha256; d=d" + i + ".example; s=s; b=AAAA; ";
            text.append("ARC-Seal: ").append(tags).append("cv=").append(i == 1 ? "none" : "pass");
            text.append("\r\nARC-Message-Signature: ")
                    .append(tags)
                    .append("c=relaxed/relaxed; h=from; bh=AAAA; l=")
                    .append(i);
            text.append("\r\nARC-Authentication-Results: i=").append(i).append("; example.org; none\r\n");
        }
        return text.toString();
    }

    @Test
    void aMessageWithoutChainHasNone() {
        ArcVerdict verdict = verdict(MESSAGE);
        assertThat(verdict.result()).isEqualTo(ArcResult.NONE);
        assertThat(verdict.highest()).isZero();
        assertThat(asked.questions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ARC-Seal: i=1;           | ARC-Seal: i=1; h=from;          | a seal has no h=
            cv=none                  | cv=maybe                        | unknown cv=maybe
            cv=none                  | cv=pass                         | says cv=pass
            ARC-Seal: i=1;           | ARC-Seal: i=2;                  | no ARC-Seal with i=1
            ARC-Seal: i=1;           | ARC-Seal: i=0;                  | an ARC-Seal without i=
            ARC-Seal: i=1;           | ARC-Seal: i=51;                 | an ARC-Seal without i=
            ARC-Seal: i=1;           | ARC-Seal: i=99999999999999;     | an ARC-Seal without i=
            ARC-Seal: i=1;           | ARC-Seal: i=1; i=1;             | an ARC-Seal without i=
            Results: i=1;            | Results: x; i=1;                | without i=
            Results: i=1;            | Results: (i=1;                  | without i=
            Results: i=1;            | Results: i=1 2;                 | without i=
            Results: i=1;            | Results: i=1 (no semicolon)     | without i=
            Results: i=1;            | Results: (never closed i=1;     | without i=
            ARC-Seal:                | X-Seal:                         | no ARC-Seal with i=1
            h=From:                  | h=ARC-Seal:From:                | h= names ARC-Seal
            h=From:                  | h=Sender:                       | the signature is not of this header
            """)
    void rejectsChainsThatAreNotAsTheyMustBe(String from, String to, String reason) {
        String text = sealed();
        assertThat(text).contains(from);
        ArcVerdict verdict = verdict(text.replace(from, to));
        assertThat(verdict.result()).isEqualTo(ArcResult.FAIL);
        assertThat(verdict.reason()).contains(reason);
    }

    /** RFC 8617 4.1.1: white space and comments may stand around each part. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a comment) i=1;",
                "(i=2; nested (i=3;)) i (x)= (y)1 (z; \\) z) ;",
                "\r\n\t(folded\r\n\tcomment)\r\n\ti=1;",
                "i = 1 ;"
            })
    void commentsMayStandAroundTheInstanceOfResults(String written) {
        dns.withTxt(
                "s._domainkey.example.org", DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, Keys.ED25519.getPublic()));
        HeaderField results = new HeaderField("ARC-Authentication-Results: " + written + " example.org; spf=pass");

        assertThat(ArcField.instance(results)).isEqualTo(1);
        // A chain with such a field, sealed as it stands.
        String text = resealed(results);
        ArcVerdict verdict = verdict(text);
        assertThat(verdict.result()).as(verdict.reason()).isEqualTo(ArcResult.PASS);
        assertThat(verdict.sets().getFirst().authenticationResults()).isEqualTo(" example.org; spf=pass");
    }

    /** A chain of one set with these results, whatever they look like. */
    private String resealed(HeaderField results) {
        String unsealed = sealed();
        String signature = unsealed.substring(
                unsealed.indexOf("ARC-Message-Signature"), unsealed.indexOf("ARC-Authentication-Results"));
        StringBuilder canonical = new StringBuilder();
        for (String field : List.of(results.raw(), signature.stripTrailing())) {
            HeaderCanonicalizer.append(canonical, new HeaderField(field), Canonicalization.RELAXED);
            canonical.append("\r\n");
        }
        HeaderField seal = new HeaderField("ARC-Seal: i=1; a=ed25519-sha256; d=example.org; s=s; cv=none; b=");
        return new SignedHeader(List.of(), Canonicalization.RELAXED, canonical.toString()).sign(seal, key)
                + signature
                + results.raw()
                + "\r\n"
                + MESSAGE;
    }

    @Test
    void rejectsASetThatIsThereTwice() {
        String text = sealed();
        String seal = text.substring(0, text.indexOf("ARC-Message"));
        assertThat(verdict(seal + text).reason()).contains("more than one ARC-Seal with i=1");
    }

    @Test
    void aLookUpThatFailsForNowFailsTheChainForGood() {
        String text = sealed();
        dns.withFailure(RecordType.TXT, "s._domainkey.example.org", FailureKind.SERVFAIL);
        ArcVerdict verdict = verdict(text);
        assertThat(verdict.result()).isEqualTo(ArcResult.FAIL);
        assertThat(verdict.reason()).contains("failed");
    }

    @Test
    void aChainOfAThousandSetsIsNotLookedInto() {
        ArcMessage message = ArcMessage.of(forged(1, 1000) + MESSAGE);
        BodyHashes hashes = new BodyHashes();
        ArcVerdict verdict =
                new ArcVerifier(asked).begin(message.fields(), hashes).finish(NOW);
        assertThat(verdict.result()).isEqualTo(ArcResult.FAIL);
        assertThat(verdict.reason()).contains("3000 ARC fields");
        assertThat(hashes.size()).isZero();
        assertThat(asked.questions()).isEmpty();
    }

    @Test
    void aForgedChainCostsOneLookUpAndFewHashes() {
        ArcMessage message = ArcMessage.of(forged(1, ArcVerifier.MAX_SETS) + MESSAGE);
        BodyHashes hashes = new BodyHashes();
        ArcVerifier.Verification verification = new ArcVerifier(asked).begin(message.fields(), hashes);
        ArcVerdict verdict = verification.finish(NOW);
        assertThat(verdict.result()).isEqualTo(ArcResult.FAIL);
        assertThat(verdict.sets()).hasSize(ArcVerifier.MAX_SETS);
        assertThat(hashes.size()).isEqualTo(BodyHashes.MAX_PARTS);
        assertThat(asked.questions()).containsExactly("TXT s._domainkey.d50.example");
    }

    @Test
    void aSetBelowThatIsForgedFailsTheChain() {
        String forged = forged(1, 1) + MESSAGE;
        ArcMessage message = ArcMessage.of(forged);
        sealed();
        ArcVerdict trusting = new ArcVerdict(
                ArcResult.PASS,
                "",
                ArcChain.parse(ArcChain.fields(message.fields())).sets(),
                1,
                1,
                false);
        String text = new ArcSealer(Domain.parse("example.org"), key)
                        .seal(message.fields(), trusting, "example.org; none", message.bodyHash(), NOW)
                        .orElseThrow()
                + forged;
        ArcVerdict verdict = verdict(text);
        assertThat(verdict.result()).isEqualTo(ArcResult.FAIL);
        assertThat(verdict.reason()).contains("ARC-Seal with i=1").contains("no key at s._domainkey.d1.example");
    }

    @Test
    void fieldsOfAnySizeAreRead() {
        String text = sealed();
        assertThat(verdict(text.replace("example.org; none", "; ".repeat(100_000)))
                        .result())
                .isEqualTo(ArcResult.FAIL);
        assertThat(verdict("ARC-Seal: " + ";".repeat(1 << 20) + "\r\n" + MESSAGE)
                        .reason())
                .contains("without i=");
        assertThat(verdict(text.replace("h=From:", "h=" + "x:".repeat(100_000) + "From:"))
                        .reason())
                .contains("names in h=");
    }

    @Test
    void oneHashServesDkimAndArc() {
        String arc = sealed();
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        byte[] body = ArcMessage.of(MESSAGE).body();
        hash.update(body, 0, body.length);
        String dkim = new DkimSigner(Domain.parse("example.org"), List.of(key))
                .sign(ArcMessage.of(MESSAGE).fields(), hash.finish(), NOW);
        List<HeaderField> fields = new ArrayList<>(ArcMessage.of(dkim + arc).fields());
        BodyHashes hashes = new BodyHashes();
        DkimVerifier.Verification ofDkim = new DkimVerifier(asked).begin(fields, hashes);
        ArcVerifier.Verification ofArc = new ArcVerifier(asked).begin(fields, hashes);
        hashes.update(body, 0, body.length);
        assertThat(ofDkim.finish(NOW)).allMatch(DkimVerdict::passed);
        assertThat(ofArc.finish(NOW).passed()).isTrue();
        assertThat(hashes.size()).isEqualTo(1);
    }

    @Test
    void aChainHasAtMostFiftySets() {
        assertThat(ArcVerifier.MAX_SETS).isEqualTo(50);
        assertThat(verdict(forged(1, 50) + MESSAGE).reason()).startsWith("ARC-Message-Signature with i=50");
        ArcVerdict more = verdict("ARC-Seal: i=1\r\n" + forged(1, 50) + MESSAGE);
        assertThat(more.reason()).isEqualTo("151 ARC fields; a chain has at most 50 sets");
        assertThat(more.highest()).isEqualTo(50);
        assertThat(more.sets()).isEmpty();
        assertThat(more.oldestPass()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'i=1', 1",
        "' i = 50 ; cv=none', 50",
        "'cv=none;i=7', 7",
        "'i=07;', 7",
        "'in=1; i=2', 2",
        "'i=51', 0",
        "'i=0', 0",
        "'i=00', 0",
        "'i=', 0",
        "'i=1; i=2', 0",
        "'i=1; i=x', 0",
        "'i=x; i=1', 0",
        "'i', 0",
        "'cv=none', 0"
    })
    void readsTheInstanceAmongTags(String value, int instance) {
        assertThat(ArcField.instance(new HeaderField("ARC-Seal: " + value))).isEqualTo(instance);
        assertThat(ArcField.instance(new HeaderField("ARC-Message-Signature: " + value)))
                .isEqualTo(instance);
    }

    /** Whatever else is wrong with it: nobody adds to a chain whose newest seal says that it fails. */
    @Test
    void aBrokenChainIsClosedByItsNewestSeal() {
        String seal = "ARC-Seal: i=%d; a=ed25519-sha256; d=a.example; s=s; b=AAAA; cv=%s\r\n";
        ArcVerdict closed = verdict(seal.formatted(1, "none") + seal.formatted(3, "fail") + MESSAGE);
        assertThat(closed.result()).isEqualTo(ArcResult.FAIL);
        assertThat(closed.closed()).isTrue();
        assertThat(closed.highest()).isEqualTo(3);
        assertThat(verdict(seal.formatted(3, "pass") + seal.formatted(1, "fail") + MESSAGE)
                        .closed())
                .isFalse();
        assertThat(verdict("ARC-Seal: i=3; cv=fail\r\n" + MESSAGE).closed()).isFalse();
        assertThat(verdict("ARC-Message-Signature: i=3; cv=fail\r\n" + MESSAGE).closed())
                .isFalse();
    }

    @Test
    void theSealOfAWholeChainThatSaysFailClosesIt() {
        ArcVerdict verdict = verdict(forged(1, 2).replaceFirst("cv=pass", "cv=fail") + MESSAGE);
        assertThat(verdict.reason()).isEqualTo("the seal with i=2 says cv=fail");
        assertThat(verdict.sets()).hasSize(2);
        assertThat(verdict.highest()).isEqualTo(2);
        assertThat(verdict.closed()).isTrue();
        assertThat(asked.questions()).isEmpty();
    }

    @Test
    void tellsAllOfASet() {
        ArcVerdict verdict = verdict(sealed());
        assertThat(verdict.passed()).as(verdict.reason()).isTrue();
        assertThat(verdict.reason()).isEmpty();
        assertThat(verdict.highest()).isEqualTo(1);
        assertThat(verdict.oldestPass()).isEqualTo(1);
        assertThat(verdict.closed()).isFalse();
        ArcSet set = verdict.sets().getFirst();
        assertThat(set.instance()).isEqualTo(1);
        assertThat(set.sealer()).isEqualTo("example.org");
        assertThat(set.selector()).isEqualTo("s");
        assertThat(set.status()).isEqualTo(ArcResult.NONE);
        assertThat(set.seal().value()).contains("i=1; a=ed25519-sha256", "t=" + NOW.getEpochSecond(), "cv=none");
        assertThat(set.signature().value()).contains("c=relaxed/relaxed", "t=" + NOW.getEpochSecond());
        assertThat(verdict(MESSAGE).reason()).isEqualTo("no chain");
    }

    @Test
    void aSealWantsItsKey() {
        String text = sealed();
        String seal = text.substring(0, text.indexOf("ARC-Message-Signature"));
        assertThat(ArcSeal.parse(new HeaderField(seal.stripTrailing())).fault("", new KeyLookup(dns)))
                .isNotEmpty();
        assertThat(ArcSeal.parse(new HeaderField(seal.stripTrailing().replaceFirst("d=example.org", "d=other.example")))
                        .fault("", new KeyLookup(dns)))
                .contains("no key at s._domainkey.other.example");
    }
}
