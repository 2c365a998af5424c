package org.posthorn.intake.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.delivery.routing.LiteralDirectory;
import org.posthorn.directory.Directory;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.Headers;
import org.posthorn.mail.Network;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.arc.ArcVerifier;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.testing.RecordedLog;

/** Mail from 192.0.2.1, and what the pipeline makes of it. */
class InboundAuthenticationTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:15:30Z"));
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Directory DIRECTORY = new LiteralDirectory(Domain.parse("posthorn.test"), Map.of());

    private final KeepingSpool spool = new KeepingSpool();
    private final RecordedLog log = new RecordedLog();
    private final List<String> observed = new ArrayList<>();
    private final ZoneResolver zone = new ZoneResolver()
            .withPtr("192.0.2.1", "mail.example.org")
            .withAddress("mail.example.org", "192.0.2.1")
            .withTxt("good.example", "v=spf1 ip4:192.0.2.1 -all")
            .withTxt("reject.example", "v=spf1 -all")
            .withTxt("_dmarc.good.example", "v=DMARC1; p=reject")
            .withTxt("_dmarc.reject.example", "v=DMARC1; p=reject")
            .withTxt("_dmarc.soft.example", "v=DMARC1; p=none")
            .withTxt("_dmarc.junk.example", "v=DMARC1; p=quarantine")
            .withTxt("_dmarc.testing.example", "v=DMARC1; p=quarantine; t=y");
    private final RecordingResolver asked = new RecordingResolver(zone);
    private AuthenticationConfig config = Inbound.strict();

    private Verdict receive(String sender, String... lines) throws Exception {
        SmtpClient client = new SmtpClient(
                "s1",
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40000),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 25),
                "mail.example.org",
                "ESMTP",
                Optional.empty(),
                Optional.empty());
        Envelope envelope = new Envelope(Optional.of(Address.parse(sender)), List.of(ALICE), false, false);
        InboundPipeline pipeline = Inbound.judging(config, asked, this::observe, DIRECTORY, spool, CLOCK, log);
        byte[] bytes = (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (IncomingMessage message = pipeline.begin(client, envelope)) {
            for (int i = 0; i < bytes.length; i += 7) {
                message.write(bytes, i, Math.min(7, bytes.length - i));
            }
            return message.finish();
        }
    }

    private void observe(Authentication message, Disposition disposition, Envelope envelope, Instant when) {
        observed.add(message.dmarc().result().text() + " " + disposition.name() + " "
                + disposition.override().map(Enum::name).orElse("-"));
    }

    private KeepingSpool.Kept kept() {
        assertThat(spool.kept()).hasSize(1);
        return spool.kept().getFirst();
    }

    private AuthenticationConfig with(Map<String, Policy> overrides, Map<String, Policy> spfFail) {
        return new AuthenticationConfig(
                true,
                List.of(),
                Duration.ofSeconds(30),
                true,
                false,
                Policy.QUARANTINE,
                Policy.QUARANTINE,
                overrides,
                spfFail,
                Set.of("lists.example"));
    }

    @Test
    void notesResultsAboveTheMessage() throws Exception {
        Verdict verdict = receive("a@good.example", "From: a@good.example", "", "text");
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        assertThat(kept().text()).startsWith("""
                Authentication-Results: mx.posthorn.test;\r
                \tiprev=pass (mail.example.org) policy.iprev=192.0.2.1;\r
                \tspf=pass smtp.mailfrom=a@good.example;\r
                \tspf=none""").contains("""
                \tdkim=none (not signed);\r
                \tarc=none;\r
                \tdmarc=pass header.from=good.example polrec.p=reject\r
                Received: from mail.example.org (mail.example.org [192.0.2.1])\r
                """).endsWith("\r\nFrom: a@good.example\r\n\r\ntext\r\n");
        assertThat(kept().envelope().quarantined()).isFalse();
        assertThat(observed).containsExactly("pass none -");
        assertThat(log.lines())
                .anyMatch(line -> line.contains("client=mail.example.org[192.0.2.1]"))
                .anyMatch(line -> line.contains("dmarc, pass") && line.contains("disposition, none"));
    }

    @Test
    void refusesWhatTheDomainWantsRefused() throws Exception {
        Verdict verdict = receive("a@reject.example", "From: a@reject.example", "", "text");
        assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
        assertThat(verdict.reply().toString())
                .startsWith("550 5.7.26 DMARC: ")
                .contains("reject.example", "policy is reject");
        assertThat(spool.kept()).isEmpty();
        assertThat(observed).containsExactly("fail reject -");
    }

    @Test
    void putsAsideWhatTheDomainFindsSuspicious() throws Exception {
        assertThat(receive("a@good.example", "From: a@junk.example", "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(kept().envelope().quarantined()).isTrue();
        assertThat(observed).containsExactly("fail quarantine -");
    }

    @Test
    void takesWhatTheDomainOnlyWatches() throws Exception {
        receive("a@good.example", "From: a@soft.example", "", "text");
        receive("a@good.example", "From: a@testing.example", "", "text");
        assertThat(spool.kept()).noneMatch(kept -> kept.envelope().quarantined());
        assertThat(observed).containsExactly("fail none -", "fail none POLICY_TEST_MODE");
    }

    @Test
    void letsRulesOfOursPrevail() throws Exception {
        config = with(Map.of("reject.example", Policy.NONE, ".soft.example", Policy.REJECT), Map.of());
        assertThat(receive("a@reject.example", "From: a@reject.example", "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(receive("a@soft.example", "From: a@soft.example", "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(receive("a@soft.example", "From: a@x.soft.example", "", "text"))
                .isInstanceOf(Verdict.Rejected.class);
        assertThat(observed).containsExactly("fail none LOCAL_POLICY", "fail none -", "fail reject LOCAL_POLICY");
    }

    @Test
    void refusesNothingForSpfAloneUnlessTold() throws Exception {
        zone.withTxt("nodmarc.example", "v=spf1 -all");
        assertThat(receive("a@nodmarc.example", "From: a@nodmarc.example", "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
        config = with(Map.of(), Map.of("nodmarc.example", Policy.REJECT));
        Verdict verdict = receive("a@nodmarc.example", "From: a@nodmarc.example", "", "text");
        assertThat(verdict.reply().toString()).startsWith("550 5.7.23 SPF: 192.0.2.1");
    }

    @Test
    void defersWhatMayBecomeAPassWhenTheDomainWouldRefuseIt() throws Exception {
        zone.withFailure(RecordType.TXT, "unsure.example", FailureKind.SERVFAIL)
                .withTxt("_dmarc.unsure.example", "v=DMARC1; p=reject");
        Verdict verdict = receive("a@unsure.example", "From: a@unsure.example", "", "text");
        assertThat(verdict).isInstanceOf(Verdict.Deferred.class);
        assertThat(verdict.reply().toString()).startsWith("451 4.7.0 DMARC: ");
        zone.withFailure(RecordType.TXT, "calm.example", FailureKind.SERVFAIL)
                .withTxt("_dmarc.calm.example", "v=DMARC1; p=quarantine");
        assertThat(receive("a@calm.example", "From: a@calm.example", "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void putsAsideMailWithFromFieldThatMisleads() throws Exception {
        receive("a@good.example", "From: a@good.example", "From: a@reject.example", "", "text");
        assertThat(kept().envelope().quarantined()).isTrue();
    }

    /** RFC 9989 5.3.1 exempts them from DMARC, and readers show the first. */
    @Test
    void putsAsideMailOfSeveralDomainsOfWhichOneIsNotProven() throws Exception {
        String both = "From: ceo@reject.example, a@good.example";
        receive("a@good.example", both, "", "text");
        assertThat(kept().envelope().quarantined()).isTrue();
        assertThat(kept().text()).contains("(authors of several domains");
        config = with(Map.of("reject.example", Policy.NONE), Map.of());
        receive("a@good.example", both, "", "text");
        assertThat(spool.kept().getLast().envelope().quarantined()).isFalse();
    }

    /** RFC 5322 3.6 wants an author; readers show something else in its place. */
    @Test
    void putsAsideMailWithoutAuthor() throws Exception {
        receive("a@good.example", "Sender: ceo@reject.example", "Subject: pay", "", "text");
        assertThat(kept().envelope().quarantined()).isTrue();
        assertThat(kept().text()).contains("dmarc=none (no From field)");
    }

    @Test
    void notesWhetherTheSenderIsProven() throws Exception {
        receive("a@good.example", "From: a@good.example", "", "text");
        assertThat(kept().envelope().senderUnproven()).isFalse();
        for (String sender : List.of("a@soft.example", "a@junk.example", "a@none.example")) {
            receive(sender, "From: " + sender, "", "text");
            assertThat(spool.kept().getLast().envelope().senderUnproven())
                    .as(sender)
                    .isTrue();
        }
        config = exempt();
        receive("a@none.example", "From: a@none.example", "", "text");
        assertThat(spool.kept().getLast().envelope().senderUnproven())
                .as("of a client that is not judged")
                .isFalse();
    }

    private static AuthenticationConfig exempt() {
        return new AuthenticationConfig(
                true,
                List.of(Network.parse("192.0.2.0/24")),
                Duration.ofSeconds(30),
                true,
                false,
                Policy.QUARANTINE,
                Policy.QUARANTINE,
                Map.of(),
                Map.of(),
                Set.of());
    }

    @Test
    void putsAsideMailThatNamesUsWithoutProof() throws Exception {
        receive("a@good.example", "From: alice@posthorn.test", "", "text");
        assertThat(kept().envelope().quarantined()).isTrue();
        zone.withTxt("posthorn.test", "v=spf1 ip4:192.0.2.1 -all");
        receive("alice@posthorn.test", "From: alice@posthorn.test", "", "text");
        assertThat(spool.kept().getLast().envelope().quarantined()).isFalse();
        config = with(Map.of("posthorn.test", Policy.NONE), Map.of());
        receive("a@good.example", "From: alice@posthorn.test", "", "text");
        assertThat(spool.kept().getLast().envelope().quarantined()).isFalse();
    }

    @Test
    void removesFieldsThatPretendToBeOurs() throws Exception {
        receive(
                "a@good.example",
                "Authentication-Results: mx.posthorn.test;",
                "\tdmarc=pass header.from=bank.example",
                "Authentication-Results: other.example; spf=pass",
                "From: a@good.example",
                "authentication-results : (x) MX.Posthorn.TEST; spf=pass",
                "",
                "Authentication-Results: mx.posthorn.test; in the body");
        String text = kept().text();
        assertThat(text)
                .doesNotContain("bank.example", "(x) MX")
                .contains("Authentication-Results: other.example; spf=pass\r\nFrom: a@good.example\r\n\r\n")
                .endsWith("\r\n\r\nAuthentication-Results: mx.posthorn.test; in the body\r\n");
    }

    /** Decision 138: neither SPF nor DKIM, ARC or DMARC, and so not one question to the DNS. */
    @Test
    void asksAndSaysNothingOfMailFromExemptClients() throws Exception {
        config = new AuthenticationConfig(
                true,
                List.of(Network.parse("192.0.2.0/24")),
                Duration.ofSeconds(30),
                true,
                false,
                Policy.REJECT,
                Policy.QUARANTINE,
                Map.of(),
                Map.of("reject.example", Policy.REJECT),
                Set.of());
        Verdict verdict = receive(
                "a@reject.example",
                "Authentication-Results: mx.posthorn.test; dmarc=pass header.from=reject.example",
                "Authentication-Results: filter.example; dkim=fail header.d=reject.example",
                "DKIM-Signature: v=1; a=rsa-sha256; d=reject.example; s=s; h=From; bh=AAAA; b=AAAA",
                "From: a@reject.example",
                "From: b@reject.example",
                "",
                "text");
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        assertThat(kept().envelope().quarantined()).isFalse();
        assertThat(asked.questions()).isEmpty();
        assertThat(observed).isEmpty();
        assertThat(log.lines()).noneMatch(line -> line.contains(": authentication"));
        // What pretends to be ours is removed, what the filter has found stays.
        assertThat(kept().text())
                .doesNotContain("Authentication-Results: mx.posthorn.test")
                .contains("Authentication-Results: filter.example; dkim=fail header.d=reject.example\r\n");
    }

    @Test
    void judgesMessageThatIsAllHeaderOrHasStrayLines() throws Exception {
        receive("a@good.example", "From: a@good.example");
        // With the empty line that readers such as mbsync look for.
        assertThat(kept().text()).endsWith("\r\nFrom: a@good.example\r\n\r\n");
        receive("a@good.example", "From: a@good.example", "a stray line", "", "text");
        assertThat(spool.kept().getLast().text())
                .endsWith("\r\nFrom: a@good.example\r\n\r\na stray line\r\n\r\ntext\r\n");
    }

    /** What is judged is what is stored, and what every reader sees there. */
    @ParameterizedTest
    @ValueSource(strings = {" x", "no field here", ": x", "X Y: z", "From me@good.example Mon Nov 30 00:00:00 2026"})
    void lineThatIsNoFieldHidesNoAuthor(String line) throws Exception {
        assertThat(receive("a@good.example", line, "From: ceo@reject.example", "", "text"))
                .isInstanceOf(Verdict.Rejected.class);
        receive(
                "a@good.example",
                line,
                "Authentication-Results: mx.posthorn.test; dmarc=pass header.from=forged.example",
                "From: a@good.example",
                "",
                "text");
        String text = kept().text();
        assertThat(text).doesNotContain("forged.example").endsWith(line + "\r\nFrom: a@good.example\r\n\r\ntext\r\n");
        Headers stored = Headers.parse(text.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(HeaderSummary.of(stored).from()).hasSize(1);
        assertThat(stored.fields().stream().mapToInt(FieldView::length).sum())
                .as("nothing in the header but fields")
                .isEqualTo(text.indexOf("\r\n\r\n") + 2);
        assertThat(log.lines()).anyMatch(entry -> entry.contains("not-a-header-field"));
    }

    @Test
    void verifiesSignatureOfAForwardedMessage() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] key = pair.getPublic().getEncoded();
        zone.withTxt(
                "s1._domainkey.reject.example",
                "v=DKIM1; k=ed25519; p="
                        + Base64.getEncoder().encodeToString(Arrays.copyOfRange(key, key.length - 32, key.length)));
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update("text\r\n".getBytes(StandardCharsets.US_ASCII), 0, 6);
        String signature = new DkimSigner(Domain.parse("reject.example"), List.of(new DkimKey("s1", pair.getPrivate())))
                .sign(List.of(new HeaderField("From: a@reject.example")), hash.finish(), CLOCK.instant());
        Verdict verdict = receive("list@good.example", signature + "From: a@reject.example", "", "text");
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        assertThat(kept().text()).contains("dkim=pass header.d=reject.example", "dmarc=pass");
        // The same with a footer, as lists add it.
        Verdict changed = receive(
                "list@good.example",
                signature + "From: a@reject.example",
                "List-Id: <x.good.example>",
                "",
                "text",
                "-- ");
        assertThat(changed).isInstanceOf(Verdict.Rejected.class);
        assertThat(log.lines())
                .anyMatch(line -> line.contains("a mailing list changed the message")
                        && line.contains("(a mailing list added a footer; without that it verifies)"));
    }

    @Test
    void takesWhatATrustedSealerVouchesFor() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair pair = rsa.generateKeyPair();
        String key = "v=DKIM1; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        zone.withTxt("s1._domainkey.lists.example", key).withTxt("s1._domainkey.stranger.example", key);
        DkimKey signing = new DkimKey("s1", pair.getPrivate());
        String saw = "lists.example; dmarc=pass header.from=reject.example";
        assertThat(receive("l@good.example", sealed("lists.example", signing, saw), "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(kept().text()).contains("arc=pass (sealed by lists.example)", "dmarc=fail");
        assertThat(observed).containsExactly("fail none TRUSTED_FORWARDER");
        // A changed body, a stranger's seal, and a sealer that saw nothing good.
        assertThat(receive("l@good.example", sealed("lists.example", signing, saw), "", "other"))
                .isInstanceOf(Verdict.Rejected.class);
        assertThat(receive("l@good.example", sealed("stranger.example", signing, saw), "", "text"))
                .isInstanceOf(Verdict.Rejected.class);
        String sawOther = "lists.example; dmarc=pass header.from=other.example; spf=fail smtp.mailfrom=reject.example";
        assertThat(receive("l@good.example", sealed("lists.example", signing, sawOther), "", "text"))
                .isInstanceOf(Verdict.Rejected.class);
    }

    /** The header of a message from reject.example, sealed for a body of "text". */
    private String sealed(String sealer, DkimKey key, String results) {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update("text\r\n".getBytes(StandardCharsets.US_ASCII), 0, 6);
        List<HeaderField> header = List.of(new HeaderField("From: a@reject.example"));
        ArcVerdict none = new ArcVerifier(zone).begin(header).finish(CLOCK.instant());
        return new ArcSealer(Domain.parse(sealer), key)
                        .seal(header, none, results, hash.finish(), CLOCK.instant())
                        .orElseThrow()
                + "From: a@reject.example";
    }
}
