package org.posthorn.reporting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.dns.Answer;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AuthOutcome;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.OverrideReason;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.MemorySpool;

/** From messages that were judged to the report in our queue, and back into the store. */
class ReportingTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant NEXT_DAY = Instant.parse("2026-03-02T03:00:00Z");
    private static final Address FROM = Address.parse("dmarc@example.org");

    @TempDir
    private Path folder;

    private final Metrics metrics = new Metrics();
    private final MemorySpool spool = new MemorySpool();
    private ReportingConfig config = config("Example Org", FROM);
    private ReportStore store;
    private DkimKeyRing keys;

    private static ReportingConfig config(String organization, Address from) {
        ReportingConfig.Author author =
                new ReportingConfig.Author(organization, from, Optional.of("https://example.org"));
        return new ReportingConfig(
                Set.of(),
                Duration.ofDays(30),
                Optional.of(author),
                ReportingConfig.DmarcReaders.USUAL,
                Optional.empty(),
                false);
    }

    @BeforeEach
    void open() throws IOException {
        store = ReportStore.open(folder.resolve("reports.db"));
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), folder, FROM.domain()::equals, CLOCK);
        keys.makeFirst(FROM.domain());
        keys.keys(FROM.domain()).forEach(keys::activate);
    }

    @AfterEach
    void close() throws IOException {
        keys.close();
        store.close();
    }

    static ObservedMail mail(Instant when, String source, boolean passes, String... uris) {
        return new ObservedMail(
                when,
                new PublishedPolicy(
                        "example.com",
                        false,
                        true,
                        Optional.of(DispositionType.REJECT),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.of(PublishedPolicy.Discovery.TREEWALK),
                        Optional.empty()),
                List.of(uris),
                new ReportRecord(
                        InetAddress.ofLiteral(source),
                        1,
                        passes ? DispositionType.PASS : DispositionType.NONE,
                        passes,
                        false,
                        passes ? List.of() : List.of(new OverrideReason(OverrideReason.Type.LOCAL_POLICY, "friends")),
                        "example.com",
                        Optional.of("bounce.example.net"),
                        Optional.empty(),
                        List.of(new ReportRecord.DkimAuth(
                                "example.com", "s1", passes ? AuthOutcome.PASS : AuthOutcome.FAIL, "")),
                        List.of(new ReportRecord.SpfAuth("bounce.example.net", false, AuthOutcome.PASS, ""))));
    }

    private void observe(ObservedMail... mails) {
        DmarcCollector collector = new DmarcCollector(store, metrics, MailLog.none());
        for (ObservedMail mail : mails) {
            collector.observe(mail);
        }
        collector.close();
    }

    /** Texts at two names; the rest of the world has none, and one name cannot be asked. */
    private boolean shaky = true;

    private final Resolver dns = new Resolver() {
        @Override
        public <T> Answer<T> ask(RecordType<T> type, String name) {
            return switch (name) {
                case "example.com._report._dmarc.agrees.example" -> text("v=DMARC1");
                case "example.com._report._dmarc.shaky.example" ->
                    shaky ? new Answer.Failure<>(FailureKind.TIMEOUT, "no answer") : text("v=DMARC1");
                case "example.com._report._dmarc.moved.example" -> text("v=DMARC1; rua=mailto:new@moved.example");
                case "example.com._report._dmarc.sly.example" -> text("v=DMARC1; rua=mailto:victim@other.example");
                case "example.com._report._dmarc.down.example" ->
                    new Answer.Failure<>(FailureKind.TIMEOUT, "no answer");
                default -> new Answer.NoSuchName<>();
            };
        }

        @SuppressWarnings("unchecked") // only TXT is asked for
        private <T> Answer<T> text(String text) {
            return new Answer.Found<>(List.of((T) text), false);
        }
    };

    private DmarcReporter reporter() throws IOException {
        return new DmarcReporter(
                () -> config,
                store,
                () -> new Destinations(dns, _ -> Optional.empty()),
                new ReportMailer(spool, () -> new DkimSigners(keys::signing, MailLog.none()), MailLog.none()),
                metrics,
                MailLog.none());
    }

    private static List<String> send(DmarcReporter reporter, Instant now) throws IOException {
        return reporter.send(now, Optional.empty(), true);
    }

    private static final InstantSource CLOCK = () -> NEXT_DAY;

    @Test
    void reportsOnceAboutADayThatIsOver() throws IOException {
        observe(
                mail(NOON, "192.0.2.1", true, "mailto:r@example.com"),
                mail(NOON.plusSeconds(9), "192.0.2.1", true, "mailto:r@example.com"),
                mail(NOON, "2001:db8::7", false, "mailto:r@example.com"));
        DmarcReporter reporter = reporter();
        send(reporter, NOON);
        assertThat(spool.committed).isEmpty();
        send(reporter, NEXT_DAY);
        send(reporter, NEXT_DAY.plusSeconds(3600));

        assertThat(spool.committed).hasSize(1);
        MemorySpool.Committed sent = spool.committed.getFirst();
        assertThat(sent.envelope().sender()).isEmpty();
        assertThat(sent.envelope().addresses()).containsExactly(Address.parse("r@example.com"));
        String text = sent.message();
        assertThat(text).startsWith("DKIM-Signature: v=1;");
        assertThat(text)
                .contains(
                        "\r\nSubject: Report Domain: example.com\r\n Submitter: example.org\r\n Report-ID: <20260301.example.com@example.org>\r\n",
                        "\r\nAuto-Submitted: auto-generated\r\n",
                        " filename=\"example.org!example.com!1772323200!1772409599.xml.gz\"");
        assertThat(store.outcome(LocalDate.parse("2026-03-01"), "example.com")).contains("sent");

        ReportReader reader = new ReportReader(store, () -> NEXT_DAY, metrics);
        assertThat(reader.mail(MessageContent.of(sent.message().getBytes(ISO_8859_1))))
                .hasOnlyElementsOfType(ReportReader.Outcome.Stored.class);
        assertThat(reader.mail(MessageContent.of(sent.message().getBytes(ISO_8859_1))))
                .hasOnlyElementsOfType(ReportReader.Outcome.Known.class);
        AggregateReport report =
                reader.dmarc(Optional.of("example.com"), NOON, 10).toList().getFirst();
        assertThat(report.metadata().organization()).isEqualTo("Example Org");
        assertThat(report.records()).extracting(ReportRecord::count).containsExactly(2L, 1L);
        assertThat(report.records().getFirst())
                .isEqualTo(RecordText.record(
                        RecordText.of(mail(NOON, "192.0.2.1", true).record()), 2));
        assertThat(report.policy().strictSpf()).isTrue();
    }

    @Test
    void sendsOnlyToThoseWhoHaveAgreed() {
        Destinations destinations = new Destinations(dns, _ -> Optional.empty());
        Destinations.Found found = destinations.of(
                "example.com",
                List.of(
                        "mailto:a@example.com!10m",
                        "MAILTO:b@agrees.example",
                        "mailto:old@moved.example",
                        "mailto:c@sly.example",
                        "mailto:d@silent.example",
                        "https://example.com/"));

        assertThat(found.takers())
                .containsExactly(
                        new ReportUri(Address.parse("a@example.com"), 10 << 20),
                        new ReportUri(Address.parse("b@agrees.example"), Long.MAX_VALUE),
                        new ReportUri(Address.parse("new@moved.example"), Long.MAX_VALUE));
        assertThat(found.refused()).hasSize(3);
        assertThat(found.unsure()).isFalse();
        assertThat(destinations
                        .of("example.com", List.of("mailto:x@down.example"))
                        .unsure())
                .isTrue();
        // the same organization needs no leave
        assertThat(new Destinations(dns, _ -> Optional.of("example.com"))
                        .of("example.com", List.of("mailto:x@mail.example.com"))
                        .takers())
                .hasSize(1);
    }

    @Test
    void waitsWhenADestinationCannotBeAsked() throws IOException {
        observe(mail(NOON, "192.0.2.1", true, "mailto:x@down.example"));
        DmarcReporter reporter = reporter();
        send(reporter, NEXT_DAY);
        assertThat(store.due(LocalDate.parse("2026-03-02"))).hasSize(1);
        // and gives up after a week
        Instant late = NEXT_DAY.plus(Duration.ofDays(9));
        store.forgetOld(late, Duration.ofDays(90));
        send(reporter, late);
        assertThat(store.due(LocalDate.parse("2026-03-20"))).isEmpty();
        assertThat(spool.committed).isEmpty();
    }

    @Test
    void givesEachDestinationItsReportOnce() throws IOException {
        observe(mail(NOON, "192.0.2.1", true, "mailto:x@shaky.example", "mailto:r@example.com"));
        DmarcReporter reporter = reporter();
        assertThat(send(reporter, NEXT_DAY)).containsExactly("example.com 2026-03-01: deferred");
        assertThat(send(reporter(), NEXT_DAY.plusSeconds(900))).containsExactly("example.com 2026-03-01: deferred");
        assertThat(spool.committed).hasSize(1);

        shaky = false;
        assertThat(send(reporter(), NEXT_DAY.plusSeconds(1800))).containsExactly("example.com 2026-03-01: sent");
        assertThat(send(reporter(), NEXT_DAY.plusSeconds(2700))).isEmpty();
        assertThat(spool.committed)
                .extracting(sent -> sent.envelope().addresses().getFirst().toString())
                .containsExactly("r@example.com", "x@shaky.example");
    }

    @Test
    void sendsTodaysReportOnDemandAndThenNoOther() throws IOException {
        observe(mail(NOON, "192.0.2.1", true, "mailto:r@example.com"));
        Instant now = NOON.plusSeconds(60);
        assertThat(reporter().send(now, Optional.of(LocalDate.parse("2026-02-28")), true))
                .isEmpty();
        assertThat(reporter().send(now, Optional.of(LocalDate.parse("2026-03-01")), true))
                .containsExactly("example.com 2026-03-01: sent");
        observe(mail(NOON.plusSeconds(90), "192.0.2.1", true, "mailto:r@example.com"));
        assertThat(send(reporter(), NEXT_DAY)).isEmpty();

        ReportReader reader = new ReportReader(store, () -> NEXT_DAY, metrics);
        reader.mail(MessageContent.of(spool.committed.getFirst().message().getBytes(ISO_8859_1)));
        assertThat(reader.dmarc(Optional.of("example.com"), Instant.EPOCH, 10)
                        .toList()
                        .getFirst()
                        .metadata()
                        .end())
                .isEqualTo(now);
    }

    @Test
    void keepsWhatItCannotSend() throws IOException {
        observe(mail(NOON, "192.0.2.1", true, "mailto:r@example.com"));
        config = config("X", Address.parse("r@nokey.example"));
        DmarcReporter reporter = reporter();
        send(reporter, NEXT_DAY);
        assertThat(spool.committed).isEmpty();
        assertThat(store.due(LocalDate.parse("2026-03-02"))).hasSize(1);
    }

    @Test
    void mindsSizeLimits() throws IOException {
        observe(mail(NOON, "192.0.2.1", true, "mailto:r@example.com!100"));
        DmarcReporter reporter = reporter();
        send(reporter, NEXT_DAY);
        assertThat(spool.committed).isEmpty();
        assertThat(store.outcome(LocalDate.parse("2026-03-01"), "example.com")).contains("too-large");
    }

    @Test
    void countsOnInTheStoreAfterARestart() throws IOException {
        observe(mail(NOON, "192.0.2.1", true, "mailto:r@example.com"));
        store.close();
        store = ReportStore.open(folder.resolve("reports.db"));
        observe(mail(NOON, "192.0.2.1", true, "mailto:r@example.com"));

        assertThat(store.observed(LocalDate.parse("2026-03-01"), "example.com"))
                .extracting(ReportStore.Observed::count)
                .containsExactly(2L);
    }

    @Test
    void countsNothingForThoseWhoDoNotAsk() throws IOException {
        observe(mail(NOON, "192.0.2.1", true));
        assertThat(store.due(LocalDate.parse("2026-03-02"))).isEmpty();
    }

    @Test
    void letsGoOfWhatDoesNotFit() throws IOException {
        DmarcCollector collector = new DmarcCollector(store, metrics, MailLog.none());
        for (int i = 0; i < DmarcCollector.MAX_WAITING + 5; i++) {
            collector.observe(mail(NOON, "10.0." + (i >> 8) + "." + (i & 255), true, "mailto:r@example.com"));
        }
        collector.close();
        assertThat(store.observed(LocalDate.parse("2026-03-01"), "example.com")).hasSize(DmarcCollector.MAX_WAITING);
    }

    @Test
    void survivesABrokenStore() throws IOException {
        store.close();
        observe(mail(NOON, "192.0.2.1", true, "mailto:r@example.com"));
        store = ReportStore.open(folder.resolve("reports.db"));
        assertThat(store.due(LocalDate.parse("2026-03-02"))).isEmpty();
    }

    @Test
    void refusesWhatIsNoReportWithAReason() throws IOException {
        ReportReader reader = new ReportReader(store, () -> NEXT_DAY, metrics);
        assertThat(reader.file("<feedback/>".getBytes(UTF_8)))
                .containsExactly(new ReportReader.Outcome.Refused("no element report_metadata"));
        assertThat(reader.mail(MessageContent.of("Subject: hi\r\n\r\nhello\r\n".getBytes(UTF_8)))
                        .getFirst())
                .isInstanceOf(ReportReader.Outcome.Refused.class);
    }

    @Test
    void countsNoReportsThatComeToReportMailboxes() throws IOException {
        Address mailbox = Address.parse("dmarc-reports@example.org");
        ReportingConfig reading = new ReportingConfig(
                Set.of(mailbox),
                Duration.ofDays(30),
                Optional.empty(),
                ReportingConfig.DmarcReaders.USUAL,
                Optional.empty(),
                false);
        store.close();
        try (Reporting reporting =
                Reporting.open(folder.resolve("reports.db"), () -> reading, CLOCK, metrics, MailLog.none())) {
            ObservedMail mail = mail(NOON, "192.0.2.1", true, "mailto:r@example.com");
            reporting.observe(mail, new Envelope(Optional.empty(), List.of(mailbox), false, false));
            reporting.observe(mail, new Envelope(Optional.empty(), List.of(mailbox, FROM), false, false));
        }
        store = ReportStore.open(folder.resolve("reports.db"));
        assertThat(store.observed(LocalDate.parse("2026-03-01"), "example.com"))
                .extracting(ReportStore.Observed::count)
                .containsExactly(1L);
    }

    @Test
    void keepsNoMoreReportsThanTheFileMayHold() throws IOException {
        ReportStore.Received report = new ReportStore.Received(
                ReportStore.Kind.TLS, "X", "1", "example.com", NOON, NOON, NOON, new byte[50_000]);
        assertThat(store.save(report, 1 << 20)).isTrue();
        ReportStore.Received another = new ReportStore.Received(
                ReportStore.Kind.TLS, "X", "2", "example.com", NOON, NOON, NOON, new byte[50_000]);
        assertThatThrownBy(() -> store.save(another, 90_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("limit");
        assertThat(store.received(ReportStore.Kind.TLS, Optional.of("example.com"), Instant.EPOCH, 10))
                .hasSize(1);
    }
}
