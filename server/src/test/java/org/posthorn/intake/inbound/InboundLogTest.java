package org.posthorn.intake.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.delivery.routing.LiteralDirectory;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.AuthenticationObserver;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.testing.RecordedLog;

/** What is written down of a message from elsewhere: who asks later why it was refused has only this. */
class InboundLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:15:30Z"));

    private final KeepingSpool spool = new KeepingSpool();
    private final RecordedLog log = new RecordedLog();
    private final ZoneResolver zone = new ZoneResolver()
            .withTxt("_dmarc.reject.example", "v=DMARC1; p=reject")
            .withTxt("_dmarc.unsure.example", "v=DMARC1; p=reject")
            .withFailure(RecordType.TXT, "unsure.example", FailureKind.SERVFAIL);

    private Verdict receive(String sender, String... lines) {
        SmtpClient client = new SmtpClient(
                "s1",
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40000),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 25),
                "client.example",
                "ESMTP",
                Optional.empty(),
                Optional.empty());
        Envelope envelope = new Envelope(
                Optional.of(Address.parse(sender)), List.of(Address.parse("alice@posthorn.test")), false, false);
        InboundPipeline pipeline = Inbound.judging(
                Inbound.strict(),
                zone,
                AuthenticationObserver.NONE,
                new LiteralDirectory(Domain.parse("posthorn.test"), Map.of()),
                spool,
                CLOCK,
                log);
        byte[] bytes = (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (IncomingMessage message = pipeline.begin(client, envelope)) {
            message.write(bytes, 0, bytes.length);
            return message.finish();
        }
    }

    @AfterEach
    void leavesNoDraftOpen() {
        assertThat(spool.open()).isZero();
    }

    @Test
    void namesTheMessageAndWhatIsWrongWithItsHeader() {
        assertThat(receive(
                        "a@none.example",
                        "Message-ID: <1@x>",
                        "Authentication-Results: mx.posthorn.test; spf=pass",
                        "From: a@none.example",
                        "no field",
                        "",
                        "text"))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(log.lines())
                .contains(
                        "smtpd 0123456789AB: client=unknown[192.0.2.1], session=s1",
                        "cleanup 0123456789AB: message-id=<1@x>",
                        "cleanup 0123456789AB: not-a-header-field [line, no field]",
                        "cleanup 0123456789AB: forged-authentication-results [field, mx.posthorn.test; spf=pass]");
        assertThat(spool.kept().getFirst().text()).endsWith("From: a@none.example\r\n\r\nno field\r\n\r\ntext\r\n");
    }

    @Test
    void saysWhyItIsRefused() {
        assertThat(receive("a@reject.example", "From: a@reject.example", "", "text"))
                .isInstanceOf(Verdict.Rejected.class);
        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("cleanup 0123456789AB: reject: authentication: 550 5.7.26 DMARC: "));
        assertThat(receive("a@unsure.example", "From: a@unsure.example", "", "text"))
                .isInstanceOf(Verdict.Deferred.class);
        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("cleanup 0123456789AB: reject: authentication: 451 4.7.0 DMARC: "));
        String[] hops = new String[103];
        java.util.Arrays.fill(hops, "Received: x");
        hops[101] = "";
        hops[102] = "text";
        assertThat(receive("a@none.example", hops)).isInstanceOf(Verdict.Rejected.class);
        assertThat(log.lines()).contains("cleanup 0123456789AB: reject: header: 554 5.4.6 Too many hops");
        assertThat(spool.kept()).isEmpty();
    }

    @Test
    void saysThatTheSpoolHasNoRoom() {
        for (KeepingSpool.Full when :
                List.of(KeepingSpool.Full.AT_BEGIN, KeepingSpool.Full.AT_WRITE, KeepingSpool.Full.AT_COMMIT)) {
            spool.full(when);
            assertThat(receive("a@none.example", "From: a@none.example", "", "text")
                            .reply()
                            .toString())
                    .isEqualTo("452 4.3.1 Insufficient system storage");
        }
        assertThat(log.lines())
                .filteredOn(line -> line.contains("no space left on device"))
                .containsExactly(
                        "smtpd s1: spool-unavailable [] java.io.IOException: no space left on device",
                        "smtpd 0123456789AB: spool-failed [] java.io.IOException: no space left on device",
                        "smtpd 0123456789AB: spool-failed [] java.io.IOException: no space left on device");
    }

    /** 256 KiB: what is longer is refused, and nothing of it is kept. */
    @Test
    void aHeaderWithoutEndIsRefused() {
        String filler = "X: " + "y".repeat(1018) + "\r\n";
        String from = "From: a@none.example\r\n";
        int room = 262_144 - from.length() - 255 * filler.length();
        String last = "Z: " + "z".repeat(room - "Z: ".length() - 2 - 2);
        assertThat(receive("a@none.example", from + filler.repeat(255) + last, "", "text"))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(receive("a@none.example", from + filler.repeat(255) + last + "zzzzz", "", "text")
                        .reply()
                        .code())
                .isEqualTo(552);
        assertThat(spool.kept()).hasSize(1);
    }
}
