package org.posthorn.protocol.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.HeaderCanonicalizer;
import org.posthorn.protocol.dkim.KeyLookup;
import org.posthorn.testing.Keys;

class ArcSealerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final String MESSAGE = """
            From: Alice <alice@example.com>
            To: list@example.org
            Subject: a chain
            DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=AA==; b=AA==

            Hello
            """;

    private final ZoneResolver dns = new ZoneResolver();

    private ArcSealer sealer(String domain, DkimAlgorithm algorithm) {
        KeyPair pair = algorithm == DkimAlgorithm.RSA_SHA256 ? Keys.RSA : Keys.ED25519;
        dns.withTxt("s._domainkey." + domain, DkimKeyRecord.text(algorithm, pair.getPublic()));
        return new ArcSealer(Domain.parse(domain), new DkimKey("s", pair.getPrivate()));
    }

    private Optional<String> sealed(String text, ArcSealer sealer) {
        ArcMessage message = ArcMessage.of(text);
        return sealer.seal(
                message.fields(),
                message.verify(dns, NOW),
                "mx.example.org;\r\n spf=pass smtp.mailfrom=example.com",
                message.bodyHash(),
                NOW);
    }

    private ArcVerdict verdict(String text) {
        return ArcMessage.of(text).verify(dns, NOW);
    }

    @Test
    void aChainOfSeveralSealersHolds() {
        String text = MESSAGE;
        for (String domain : List.of("a.example", "b.example", "c.example")) {
            text = sealed(text, sealer(domain, DkimAlgorithm.RSA_SHA256)).orElseThrow() + text;
        }
        ArcVerdict verdict = verdict(text);
        assertThat(verdict.result()).as(verdict.reason()).isEqualTo(ArcResult.PASS);
        assertThat(verdict.sealers()).containsExactly("a.example", "b.example", "c.example");
        assertThat(verdict.sets())
                .extracting(ArcSet::status)
                .containsExactly(ArcResult.NONE, ArcResult.PASS, ArcResult.PASS);
        assertThat(verdict.oldestPass()).isEqualTo(1);
        assertThat(verdict.sets().getFirst().authenticationResults().strip())
                .isEqualTo("mx.example.org;\r\n spf=pass smtp.mailfrom=example.com");
    }

    @Test
    void anEd25519KeySealsToo() {
        ArcSealer sealer = sealer("a.example", DkimAlgorithm.ED25519_SHA256);
        assertThat(verdict(sealed(MESSAGE, sealer).orElseThrow() + MESSAGE).passed())
                .isTrue();
    }

    @Test
    void tellsSinceWhenTheMessageIsUnchanged() {
        String first =
                sealed(MESSAGE, sealer("a.example", DkimAlgorithm.RSA_SHA256)).orElseThrow() + MESSAGE;
        // A list that seals has verified what came before it added its footer.
        ArcMessage changed = ArcMessage.of(first.replace("Hello", "Hello\n-- \nlist"));
        String second = sealer("b.example", DkimAlgorithm.RSA_SHA256)
                .seal(changed.fields(), verdict(first), "b.example; none", changed.bodyHash(), NOW)
                .orElseThrow();
        ArcVerdict verdict = verdict(second + first.replace("Hello", "Hello\n-- \nlist"));
        assertThat(verdict.result()).as(verdict.reason()).isEqualTo(ArcResult.PASS);
        assertThat(verdict.oldestPass()).isEqualTo(2);
    }

    @Test
    void aChangeAfterTheNewestSealFailsAndIsSealedAsFailedOnce() {
        ArcSealer sealer = sealer("a.example", DkimAlgorithm.RSA_SHA256);
        String broken = sealed(MESSAGE, sealer).orElseThrow() + MESSAGE.replace("Hello", "Hullo");
        assertThat(verdict(broken).reason()).contains("i=1").contains("body was changed");
        String closed = sealed(broken, sealer).orElseThrow() + broken;
        ArcVerdict verdict = verdict(closed);
        assertThat(verdict.result()).isEqualTo(ArcResult.FAIL);
        assertThat(verdict.closed()).isTrue();
        assertThat(sealed(closed, sealer)).isEmpty();
    }

    @Test
    void theSealOfABrokenChainCoversItsOwnSetOnly() {
        ArcSealer sealer = sealer("a.example", DkimAlgorithm.RSA_SHA256);
        String broken = "ARC-Seal: i=7; nonsense\r\n" + MESSAGE;
        String set = sealed(broken, sealer).orElseThrow();
        assertThat(set).contains("i=8").contains("cv=fail");
        // As the only set there is, with cv=none in its place, it would have been made by the same key over the same
        // fields.
        List<HeaderField> fields = ArcMessage.of(set + "\r\n").fields();
        ArcSeal seal = ArcSeal.parse(fields.getFirst());
        StringBuilder own = new StringBuilder();
        for (int i = 2; i > 0; i--) {
            HeaderCanonicalizer.append(own, fields.get(i), Canonicalization.RELAXED);
            own.append("\r\n");
        }
        assertThat(seal.fault(own, new KeyLookup(dns))).isEmpty();
        assertThat(seal.fault(own + "x", new KeyLookup(dns))).isNotEmpty();
    }

    @Test
    void theFiftyFirstSetIsNotAdded() {
        ArcSealer sealer = sealer("a.example", DkimAlgorithm.ED25519_SHA256);
        String text = MESSAGE;
        for (int i = 0; i < ArcVerifier.MAX_SETS; i++) {
            text = sealed(text, sealer).orElseThrow() + text;
        }
        assertThat(verdict(text).passed()).isTrue();
        assertThat(sealed(text, sealer)).isEmpty();
    }

    @Test
    void writesLinesOfModestLength() {
        String set =
                sealed(MESSAGE, sealer("a.example", DkimAlgorithm.RSA_SHA256)).orElseThrow();
        assertThat(set.split("\r\n")).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
        assertThat(set).contains("DKIM-Signature").doesNotContain(":ARC-Seal");
    }
}
