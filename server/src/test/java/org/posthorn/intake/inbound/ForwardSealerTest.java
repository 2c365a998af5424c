package org.posthorn.intake.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.delivery.routing.LiteralDirectory;
import org.posthorn.directory.Directory;
import org.posthorn.directory.Resolution;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.AuthenticationObserver;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.arc.ArcVerifier;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.Keys;
import org.posthorn.testing.RecordedLog;

/** Mail to aliases: what leaves us again bears a seal that others can verify. */
class ForwardSealerTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:15:30Z"));
    private static final Domain HERE = Domain.parse("posthorn.test");
    private static final Directory DIRECTORY = new LiteralDirectory(
            HERE,
            Map.of(
                    "alice@posthorn.test", new Resolution.Mailbox(Address.parse("alice@posthorn.test")),
                    "inside@posthorn.test", forward("alice@posthorn.test"),
                    "team@posthorn.test", forward("alice@posthorn.test", "away@posthorn.test"),
                    "away@posthorn.test", forward("carol@elsewhere.example", "team@posthorn.test")));

    @TempDir
    private Path folder;

    private String key = PrivateKeys.write(Keys.RSA.getPrivate());
    private final KeepingSpool spool = new KeepingSpool();
    private final RecordedLog log = new RecordedLog();
    private final ZoneResolver zone = new ZoneResolver()
            .withTxt("good.example", "v=spf1 ip4:192.0.2.1 -all")
            .withTxt("s._domainkey.posthorn.test", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, Keys.RSA.getPublic()));

    private static Resolution forward(String... targets) {
        return new Resolution.Forward(
                List.of(targets).stream().map(Address::parse).toList());
    }

    private List<DkimKeyFile> keys(Domain domain) {
        return List.of(new DkimKeyFile(domain, "s", folder.resolve("s.pem")));
    }

    private String receive(String recipient, boolean keys, String... lines) throws Exception {
        Files.writeString(folder.resolve("s.pem"), key);
        DkimSigners signers = new DkimSigners(domain -> keys ? keys(domain) : List.of(), log);
        SmtpClient client = new SmtpClient(
                "s1",
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40000),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 25),
                "mail.example.org",
                "ESMTP",
                Optional.empty(),
                Optional.empty());
        Envelope envelope = new Envelope(
                Optional.of(Address.parse("a@good.example")), List.of(Address.parse(recipient)), false, false);
        InboundPipeline pipeline = Inbound.sealing(
                Inbound.strict(), zone, AuthenticationObserver.NONE, DIRECTORY, signers, spool, CLOCK, log);
        byte[] bytes = (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (IncomingMessage message = pipeline.begin(client, envelope)) {
            message.write(bytes, 0, bytes.length);
            assertThat(message.finish()).isInstanceOf(IncomingMessage.Verdict.Accepted.class);
        }
        return spool.kept().getLast().text();
    }

    private ArcVerdict chain(String text) {
        byte[] message = text.getBytes(StandardCharsets.ISO_8859_1);
        HeaderScanner scanner = new HeaderScanner(1 << 20);
        int body = scanner.feed(message, 0, message.length);
        ArcVerifier.Verification verification =
                new ArcVerifier(zone).begin(scanner.scanned().fields());
        verification.body(message, body, message.length - body);
        return verification.finish(CLOCK.instant());
    }

    private static final String[] MESSAGE = {
        "Authentication-Results: mx.posthorn.test; dkim=pass header.d=forged.example",
        "From: a@good.example",
        "Subject: Hello",
        "",
        "Some  text.",
        ""
    };

    @Test
    void sealsWhatLeavesUs() throws Exception {
        String text = receive("away@posthorn.test", true, MESSAGE);
        ArcVerdict verdict = chain(text);
        assertThat(verdict.result()).as(text).isEqualTo(ArcResult.PASS);
        assertThat(text).contains("d=posthorn.test").doesNotContain("forged.example");
        assertThat(text.replaceAll("\r\n\\s+", " "))
                .containsPattern("ARC-Authentication-Results: i=1; ?mx\\.posthorn\\.test; .*spf=pass");
        assertThat(chain(text.replace("Some  text", "Other text")).result()).isEqualTo(ArcResult.FAIL);
    }

    @Test
    void sealsMailForSeveralOfWhomOneIsElsewhere() throws Exception {
        assertThat(chain(receive("team@posthorn.test", true, MESSAGE)).result()).isEqualTo(ArcResult.PASS);
    }

    @Test
    void addsToAChain() throws Exception {
        String once = receive("away@posthorn.test", true, MESSAGE);
        String twice = receive("away@posthorn.test", true, once.split("\r\n", -1));
        ArcVerdict verdict = chain(twice);
        assertThat(verdict.result()).as(twice).isEqualTo(ArcResult.PASS);
        assertThat(verdict.highest()).isEqualTo(2);
    }

    @Test
    void leavesWhatStaysHereAlone() throws Exception {
        assertThat(receive("inside@posthorn.test", true, MESSAGE)).doesNotContain("ARC-");
        assertThat(receive("alice@posthorn.test", true, MESSAGE)).doesNotContain("ARC-");
    }

    @Test
    void goesOnUnsealedWithoutAKey() throws Exception {
        assertThat(receive("away@posthorn.test", false, MESSAGE)).doesNotContain("ARC-");
    }

    @Test
    void saysWhyItDoesNotSeal() throws Exception {
        receive("away@posthorn.test", false, MESSAGE);
        assertThat(log.lines())
                .contains("cleanup 0123456789AB: not-sealed [domain, posthorn.test, why, no key]")
                .noneMatch(line -> line.contains("sealing-key-unreadable"));
        key = "not a key";
        assertThat(receive("away@posthorn.test", true, MESSAGE)).doesNotContain("ARC-");
        assertThat(log.lines())
                .anyMatch(line ->
                        line.startsWith("cleanup 0123456789AB: sealing-key-unreadable [domain, posthorn.test] "));
    }
}
