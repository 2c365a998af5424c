package org.posthorn.reporting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.intake.authentication.MessageAuthentication;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AuthOutcome;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.OverrideReason;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.MemorySpool;

/** From a message that comes in to the report about it, which passes DMARC where it arrives. */
class DmarcObserverTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant NEXT_DAY = Instant.parse("2026-03-02T03:00:00Z");
    private static final Address FROM = Address.parse("dmarc@example.org");
    private static final Address MAILBOX = Address.parse("reports@example.org");

    @TempDir
    private Path folder;

    private final ReportingConfig config = new ReportingConfig(
            Set.of(MAILBOX),
            Duration.ofDays(30),
            Optional.of(new ReportingConfig.Author("Example Org", FROM, Optional.empty())),
            ReportingConfig.DmarcReaders.USUAL,
            Optional.empty(),
            false);

    private static Authentication judge(Resolver resolver, String client, Optional<Address> sender, String message) {
        InstantSource clock = () -> NEXT_DAY;
        MessageAuthenticator authenticator =
                new MessageAuthenticator(resolver, "mx.example.org", Duration.ofSeconds(30), false, clock);
        MessageAuthentication judging = authenticator.begin(InetAddress.ofLiteral(client), "mail.example.com", sender);
        byte[] bytes = message.getBytes(ISO_8859_1);
        HeaderScanner header = new HeaderScanner(100_000);
        int taken = header.feed(bytes, 0, bytes.length);
        judging.header(header.scanned().fields());
        judging.body(bytes, taken, bytes.length - taken);
        return judging.finish();
    }

    private static Envelope envelope(Address recipient) {
        return new Envelope(Optional.of(Address.parse("a@example.com")), List.of(recipient), false, false);
    }

    @Test
    void tellsThePolicyDomainWhatBecameOfItsMail() throws IOException {
        ZoneResolver zone = new ZoneResolver()
                .withTxt("_dmarc.example.com", "v=DMARC1; p=reject; adkim=s; rua=mailto:r@example.com!1m")
                .withTxt("example.com", "v=spf1 ip4:192.0.2.1 -all")
                .withTxt("_dmarc.example.org", "v=DMARC1; p=reject");
        String message = "From: a@example.com\r\n\r\nhello\r\n";
        Optional<Address> sender = Optional.of(Address.parse("a@example.com"));
        Authentication good = judge(zone, "192.0.2.1", sender, message);
        Authentication bad = judge(zone, "192.0.2.99", sender, message);
        assertThat(bad.dmarc().result()).isEqualTo(DmarcVerdict.Result.FAIL);

        Disposition accept = new Disposition.Accept(Optional.empty());
        try (Reporting reporting =
                Reporting.open(folder.resolve("reports.db"), () -> config, () -> NOON, new Metrics(), MailLog.none())) {
            DmarcObserver observer = new DmarcObserver(reporting, false);
            observer.judged(good, accept, envelope(FROM), NOON);
            observer.judged(good, accept, envelope(FROM), NOON);
            observer.judged(
                    bad,
                    new Disposition.Accept(Optional.of(Disposition.PolicyOverride.LOCAL_POLICY)),
                    envelope(FROM),
                    NOON);
            // a report that somebody sends us
            observer.judged(good, accept, envelope(MAILBOX), NOON);
        }

        MemorySpool spool = new MemorySpool();
        ZoneResolver withKeys = send(spool, zone);
        assertThat(spool.committed).hasSize(1);
        String report = spool.committed.getFirst().message();
        assertThat(judge(withKeys, "192.0.2.2", Optional.empty(), report)
                        .dmarc()
                        .result())
                .isEqualTo(DmarcVerdict.Result.PASS);

        check(report);
    }

    private ZoneResolver send(MemorySpool spool, ZoneResolver zone) throws IOException {
        ZoneResolver withKeys = zone;
        try (DkimKeyRing keys =
                        DkimKeyRing.open(folder.resolve("dkim.db"), folder, FROM.domain()::equals, () -> NEXT_DAY);
                ReportStore store = ReportStore.open(folder.resolve("reports.db"))) {
            keys.makeFirst(FROM.domain());
            for (DkimKeyEntry key : keys.keys(FROM.domain())) {
                keys.activate(key);
                withKeys = withKeys.withTxt(key.recordName(), key.record());
            }
            DmarcReporter reporter = new DmarcReporter(
                    () -> config,
                    store,
                    () -> new Destinations(zone, _ -> Optional.empty()),
                    new ReportMailer(spool, () -> new DkimSigners(keys::signing, MailLog.none()), MailLog.none()),
                    new Metrics(),
                    MailLog.none());
            reporter.send(NEXT_DAY, Optional.empty(), true);
        }
        return withKeys;
    }

    private void check(String message) throws IOException {
        try (ReportStore store = ReportStore.open(folder.resolve("reports.db"))) {
            ReportReader reader = new ReportReader(store, () -> NEXT_DAY, new Metrics());
            reader.mail(MessageContent.of(message.getBytes(ISO_8859_1)));
            AggregateReport report =
                    reader.dmarc(Optional.empty(), Instant.EPOCH, 10).toList().getFirst();
            assertThat(report.policy().domain()).isEqualTo("example.com");
            assertThat(report.policy().strictDkim()).isTrue();
            assertThat(report.policy().discovery()).contains(PublishedPolicy.Discovery.TREEWALK);
            ReportRecord passed = report.records().getFirst();
            assertThat(passed.count()).isEqualTo(2);
            assertThat(passed.disposition()).isEqualTo(DispositionType.PASS);
            assertThat(passed.spfAligned()).isTrue();
            assertThat(passed.dkimAligned()).isFalse();
            assertThat(passed.envelopeFrom()).contains("example.com");
            ReportRecord failed = report.records().get(1);
            assertThat(failed.source()).isEqualTo(InetAddress.ofLiteral("192.0.2.99"));
            assertThat(failed.disposition()).isEqualTo(DispositionType.NONE);
            assertThat(failed.reasons()).containsExactly(new OverrideReason(OverrideReason.Type.LOCAL_POLICY, ""));
            assertThat(failed.spf().getFirst().outcome()).isEqualTo(AuthOutcome.FAIL);
        }
    }
}
