package org.posthorn.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.ConfigFile;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.MemorySpool;

/** Which of those who ask for DMARC reports get them, and how many. */
class DmarcReadersTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant NEXT_DAY = Instant.parse("2026-03-02T03:00:00Z");
    private static final Address FROM = Address.parse("dmarc@example.org");

    @TempDir
    private Path folder;

    private final Metrics metrics = new Metrics();
    private final MemorySpool spool = new MemorySpool();
    private ReportingConfig config = config(ReportingConfig.DmarcReaders.USUAL);
    private ReportStore store;
    private DkimKeyRing keys;

    private static ReportingConfig config(ReportingConfig.DmarcReaders readers) {
        ReportingConfig.Author author = new ReportingConfig.Author("Example Org", FROM, Optional.empty());
        return new ReportingConfig(
                Set.of(), Duration.ofDays(30), Optional.of(author), readers, Optional.empty(), false);
    }

    @BeforeEach
    void open() throws IOException {
        store = ReportStore.open(folder.resolve("reports.db"));
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), folder, FROM.domain()::equals, () -> NEXT_DAY);
        keys.makeFirst(FROM.domain());
        keys.keys(FROM.domain()).forEach(keys::activate);
    }

    @AfterEach
    void close() throws IOException {
        keys.close();
        store.close();
    }

    /** Mail of a domain that asks for reports, with what became of it. */
    private static ObservedMail ask(String domain, Instant when, boolean passes, DispositionType disposition) {
        ObservedMail mail = ReportingTest.mail(when, "192.0.2.1", passes, "mailto:r@" + domain);
        PublishedPolicy policy = mail.policy();
        ReportRecord record = mail.record();
        return new ObservedMail(
                when,
                new PublishedPolicy(
                        domain,
                        policy.strictDkim(),
                        policy.strictSpf(),
                        policy.policy(),
                        policy.subdomainPolicy(),
                        policy.nonexistentPolicy(),
                        policy.testing(),
                        policy.discovery(),
                        policy.failureOptions()),
                mail.reportUris(),
                new ReportRecord(
                        record.source(),
                        record.count(),
                        disposition,
                        record.dkimAligned(),
                        record.spfAligned(),
                        record.reasons(),
                        domain,
                        record.envelopeFrom(),
                        record.envelopeTo(),
                        record.dkim(),
                        record.spf()));
    }

    private void observe(ObservedMail... mails) {
        DmarcCollector collector = new DmarcCollector(store, metrics, MailLog.none());
        for (ObservedMail mail : mails) {
            collector.observe(mail);
        }
        collector.close();
    }

    private DmarcReporter reporter() throws IOException {
        return new DmarcReporter(
                () -> config,
                store,
                () -> new Destinations(new ZoneResolver(), _ -> Optional.empty()),
                new ReportMailer(spool, () -> new DkimSigners(keys::signing, MailLog.none()), MailLog.none()),
                metrics,
                MailLog.none());
    }

    private static List<String> send(DmarcReporter reporter, Instant now) throws IOException {
        return reporter.send(now, Optional.empty(), true);
    }

    @Test
    void countsButDoesNotReportWhatNeverPassedOrWasAllJunk() throws IOException {
        observe(
                ask("forged.example", NOON, false, DispositionType.NONE),
                ask("refused.example", NOON, false, DispositionType.REJECT),
                ask("junk.example", NOON, true, DispositionType.QUARANTINE),
                ask("unwelcome.example", NOON, true, DispositionType.REJECT),
                ask("good.example", NOON, false, DispositionType.REJECT),
                ask("good.example", NOON, true, DispositionType.PASS),
                ask("watching.example", NOON, true, DispositionType.NONE));
        assertThat(store.observed(LocalDate.parse("2026-03-01"), "forged.example"))
                .hasSize(1);
        assertThat(send(reporter(), NEXT_DAY))
                .containsExactlyInAnyOrder(
                        "forged.example 2026-03-01: unproven",
                        "refused.example 2026-03-01: unproven",
                        "junk.example 2026-03-01: unproven",
                        "unwelcome.example 2026-03-01: unproven",
                        "good.example 2026-03-01: sent",
                        "watching.example 2026-03-01: sent");
        assertThat(spool.committed).hasSize(2);
        assertThat(send(reporter(), NEXT_DAY)).isEmpty();
    }

    @Test
    void reportsForgeriesToWhomeverPassedInTheThirtyDaysBefore() throws IOException {
        for (int day : List.of(0, 30, 31)) {
            Instant noon = NOON.plus(Duration.ofDays(day));
            observe(ask("good.example", noon, day == 0, day == 0 ? DispositionType.PASS : DispositionType.REJECT));
            assertThat(send(reporter(), noon.plus(Duration.ofDays(1))))
                    .singleElement()
                    .asString()
                    .endsWith(day == 31 ? ": unproven" : ": sent");
            store.forgetOld(noon.plus(Duration.ofDays(1)), Duration.ofDays(400));
        }
    }

    @Test
    void reportsToAllWhoAskWhereOneKeySaysSo() throws IOException {
        config = config(new ReportingConfig.DmarcReaders(false, 1_000));
        observe(ask("forged.example", NOON, false, DispositionType.REJECT));
        assertThat(send(reporter(), NEXT_DAY)).containsExactly("forged.example 2026-03-01: sent");
    }

    @Test
    void sendsNoMoreReportsOnADayThanTheCeiling() throws IOException {
        config = config(new ReportingConfig.DmarcReaders(true, 2));
        observe(
                ask("a.example", NOON, true, DispositionType.PASS),
                ask("b.example", NOON, true, DispositionType.PASS),
                ask("b.example", NOON, true, DispositionType.PASS),
                ask("c.example", NOON, true, DispositionType.PASS),
                ask("c.example", NOON, true, DispositionType.PASS));
        assertThat(send(reporter(), NEXT_DAY))
                .containsExactly(
                        "b.example 2026-03-01: sent", "c.example 2026-03-01: sent", "a.example 2026-03-01: over-limit");
        Instant later = NOON.plus(Duration.ofDays(1));
        observe(ask("a.example", later, true, DispositionType.PASS));
        assertThat(reporter().send(later, Optional.of(LocalDate.parse("2026-03-02")), true))
                .containsExactly("a.example 2026-03-02: over-limit");
        observe(ask("b.example", later, true, DispositionType.PASS));
        assertThat(send(reporter(), later.plus(Duration.ofDays(1)))).containsExactly("b.example 2026-03-02: sent");
        assertThat(spool.committed).hasSize(3);
    }

    @Test
    void readsWhoGetsReports() {
        ReportingConfig usual =
                ReportingConfig.read(ConfigFile.parse("x", "").root().section("reports"), "mx.example.org");
        assertThat(usual.dmarcTo()).isEqualTo(new ReportingConfig.DmarcReaders(true, 1000));
        ReportingConfig other =
                ReportingConfig.read(ConfigFile.parse("x", """
                        [reports.dmarc]
                        only-proven = false
                        max-per-day = 7
                        """).root().section("reports"), "mx.example.org");
        assertThat(other.dmarcTo()).isEqualTo(new ReportingConfig.DmarcReaders(false, 7));
    }
}
