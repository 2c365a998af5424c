package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.testing.Keys;

/** Messages as Mailman and others send them on. */
class ListMarksTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final String LIST = "List-Id: <list.lists.example>\r\nList-Post: <mailto:list@lists.example>\r\n";
    private static final String HEADER = """
            From: Alice <alice@example.org>\r
            To: list@lists.example\r
            Subject: Re: the question\r
            """;
    /** As Mailman 2 and 3 have it. */
    private static final String FOOTER = """
            _______________________________________________\r
            list mailing list\r
            list@lists.example\r
            https://lists.example/mailman/listinfo/list\r
            """;

    private final ZoneResolver dns = new ZoneResolver();

    @BeforeEach
    void publish() {
        dns.withTxt(
                "s._domainkey.example.org", DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, Keys.ED25519.getPublic()));
    }

    private static HeaderScanner scanner(byte[] message) {
        HeaderScanner scanner = new HeaderScanner(1 << 20);
        assertThat(scanner.feed(message, 0, message.length)).isPositive();
        return scanner;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String signed(String header, String body, SigningStyle style) {
        BodyHash hash = new BodyHash(style.body());
        hash.update(octets(body), 0, body.length());
        DkimSigner signer = new DkimSigner(
                Domain.parse("example.org"), List.of(new DkimKey("s", Keys.ED25519.getPrivate())), style);
        return signer.sign(scanner(octets(header + "\r\n")).scanned().fields(), hash.finish(), NOW) + header;
    }

    private DkimVerdict verdict(String header, String body, int piece) {
        DkimVerifier.Verification verification = new DkimVerifier(dns)
                .begin(scanner(octets(header + "\r\n")).scanned().fields());
        byte[] octets = octets(body);
        for (int i = 0; i < octets.length; i += piece) {
            verification.body(octets, i, Math.min(piece, octets.length - i));
        }
        return verification.finish(NOW).getFirst();
    }

    private DkimVerdict verdict(String header, String body) {
        DkimVerdict whole = verdict(header, body, 1 << 20);
        // However the body arrives.
        for (int piece : new int[] {1, 2, 3, 7, 64}) {
            assertThat(verdict(header, body, piece)).as("in pieces of " + piece).isEqualTo(whole);
        }
        return whole;
    }

    @ParameterizedTest
    @ValueSource(strings = {"text\r\n", "text\r\n\r\n\r\n", "two  spaces \r\n--\r\nhis own\r\n", "", "\r\n\r\n"})
    void showsThatAFooterWasAdded(String body) {
        for (SigningStyle style : List.of(SigningStyle.RELAXED, simple())) {
            DkimVerdict verdict = verdict(signed(HEADER, body, style) + LIST, body + FOOTER);
            assertThat(verdict.result()).isEqualTo(DkimResult.FAIL);
            assertThat(verdict.reason())
                    .as(style.forms())
                    .isEqualTo("a mailing list added a footer; without that it verifies");
        }
    }

    private static SigningStyle simple() {
        return new SigningStyle(Canonicalization.SIMPLE, Canonicalization.SIMPLE, Optional.empty(), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-- \r\nYou received this message because you are subscribed to the group.\r\n",
                "------------------------------------\r\nTo unsubscribe write to nobody.\r\n",
                "==========\r\nThe list\r\n",
                "--\r\n_____\r\nTwo rules\r\n"
            })
    void knowsOtherFooters(String footer) {
        assertThat(verdict(signed(HEADER, "text\r\n", SigningStyle.RELAXED) + LIST, "text\r\n" + footer)
                        .reason())
                .startsWith("a mailing list added a footer");
    }

    /** Mailman adds a part to what is multipart/mixed. */
    @Test
    void showsThatAPartWasAdded() {
        String header = HEADER + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n";
        String parts = "A preamble\r\n--=_b\r\nContent-Type: text/plain\r\n\r\ntext\r\n\r\n";
        String added = "--=_b\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\nMIME-Version: 1.0\r\n"
                + "Content-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\n" + FOOTER + "\r\n--=_b--\r\n";

        for (SigningStyle style : List.of(SigningStyle.RELAXED, simple())) {
            DkimVerdict verdict = verdict(signed(header, parts + "--=_b--\r\n", style) + LIST, parts + added);
            assertThat(verdict.result()).isEqualTo(DkimResult.FAIL);
            assertThat(verdict.reason()).isEqualTo("a mailing list added a footer; without that it verifies");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: [list] Re: the question", "Subject: Re: [list] the question"})
    void showsThatTheSubjectWasTagged(String subject) {
        String header = signed(HEADER, "text\r\n", SigningStyle.RELAXED).replace("Subject: Re: the question", subject);
        assertThat(verdict(header + LIST, "text\r\n").reason())
                .isEqualTo("a mailing list tagged the subject; without that it verifies");
        assertThat(verdict(header + LIST, "text\r\n" + FOOTER).reason())
                .isEqualTo("a mailing list added a footer and tagged the subject; without that it verifies");
        // Nothing of the kind where no list had a hand in it.
        assertThat(verdict(header, "text\r\n" + FOOTER).reason())
                .isEqualTo("neither header nor body are as they were signed");
    }

    @Test
    void doesNotSayThatItVerifiesWhereMoreWasChanged() {
        String header = signed(HEADER, "text\r\n", SigningStyle.RELAXED);
        assertThat(verdict(header.replace("Alice", "Eve") + LIST, "text\r\n" + FOOTER)
                        .reason())
                .isEqualTo("a mailing list added a footer, and something else was changed");
        assertThat(verdict(header + LIST, "other text\r\n" + FOOTER).reason())
                .isEqualTo(
                        "the body was changed after signing; a mailing list has handled it and may have added a footer");
    }

    /** A body of nothing but rules costs a bounded number of hashes, and the signature is judged all the same. */
    @ParameterizedTest
    @EnumSource(Canonicalization.class)
    void rulesWithoutEndAreNotAllLookedAt(Canonicalization form) {
        BodyHashes hashes = new BodyHashes();
        hashes.want(form, OptionalLong.empty());
        hashes.lookForFooters(Optional.of("b"));
        byte[] body = octets("--\r\n".repeat(500_000));
        hashes.update(body, 0, body.length);
        hashes.finish();

        BodyHash plain = new BodyHash(form);
        plain.update(body, 0, body.length);
        assertThat(hashes.of(form, OptionalLong.empty()).orElseThrow().base64()).isEqualTo(plain.finish());
        BodyHash late = new BodyHash(form);
        late.update(body, 0, body.length / 2);
        assertThat(hashes.hadBefore(form, late.finish())).isFalse();
        BodyHash cut = new BodyHash(form);
        cut.update(body, 0, 4 * (LineCuts.MAX_CUTS - 1));
        assertThat(hashes.hadBefore(form, cut.finish())).isTrue();
    }
}
