package org.posthorn.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.json.JsonObject;
import org.posthorn.log.Metrics;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AuthOutcome;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.OverrideReason;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;
import org.posthorn.testing.Conformance;

class SummaryTest {
    @TempDir
    private Path folder;

    private static ReportRecord.DkimAuth dkim(String domain, AuthOutcome outcome) {
        return new ReportRecord.DkimAuth(domain, "s1", outcome, "");
    }

    private static ReportRecord.SpfAuth spf(String domain, AuthOutcome outcome) {
        return new ReportRecord.SpfAuth(domain, false, outcome, "");
    }

    private static ReportRecord record(
            int host,
            long count,
            boolean byDkim,
            boolean bySpf,
            List<ReportRecord.DkimAuth> dkim,
            List<ReportRecord.SpfAuth> spf,
            OverrideReason... reasons) {
        return new ReportRecord(
                InetAddress.ofLiteral("192.0.2." + host),
                count,
                byDkim || bySpf ? DispositionType.NONE : DispositionType.REJECT,
                byDkim,
                bySpf,
                List.of(reasons),
                "example.com",
                Optional.empty(),
                Optional.empty(),
                dkim,
                spf);
    }

    private static AggregateReport report(ReportRecord... records) {
        return report("Receiver", records);
    }

    private static AggregateReport report(String organization, ReportRecord... records) {
        return new AggregateReport(
                new AggregateReport.Metadata(
                        organization,
                        "r@receiver.example",
                        Optional.empty(),
                        "1",
                        Instant.parse("2026-03-01T00:00:00Z"),
                        Instant.parse("2026-03-01T23:59:59Z"),
                        List.of(),
                        Optional.empty()),
                new PublishedPolicy(
                        "example.com",
                        false,
                        false,
                        Optional.of(DispositionType.REJECT),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty()),
                List.of(records));
    }

    @Test
    void saysWhoSendsWhatFailsAndWhatToDo() {
        DmarcSummary summary = DmarcSummary.of(Stream.of(report(
                record(
                        1,
                        90,
                        true,
                        true,
                        List.of(dkim("example.com", AuthOutcome.PASS)),
                        List.of(spf("example.com", AuthOutcome.PASS))),
                record(
                        2,
                        7,
                        false,
                        false,
                        List.of(dkim("service.example", AuthOutcome.PASS)),
                        List.of(spf("service.example", AuthOutcome.PASS))),
                record(3, 3, false, false, List.of(), List.of(spf("example.com", AuthOutcome.FAIL))))));

        assertThat(summary.lines(address ->
                        address.getHostAddress().endsWith(".1") ? Optional.of("mx.example.com") : Optional.empty()))
                .containsSequence(
                        "example.com: 100 messages in its name from 3 senders, 90 % pass DMARC",
                        "  told by Receiver in 1 report, 2026-03-01 to 2026-03-01",
                        "  the published policy is p=reject",
                        "",
                        "  192.0.2.1 (mx.example.com): 90 messages, 90 pass, 0 fail",
                        "    signed by example.com (selector s1)",
                        "    SPF passes for example.com",
                        "    all of it passes by signature and by SPF",
                        "",
                        "  192.0.2.2: 7 messages, 0 pass, 7 fail, 7 rejected",
                        "    signed by service.example (selector s1)",
                        "    SPF passes for service.example",
                        "    7 messages failed: " + SourceTally.Cause.OTHER_DOMAIN.words(),
                        "      what to do: " + SourceTally.Cause.OTHER_DOMAIN.advice())
                .contains("    3 messages failed: " + SourceTally.Cause.UNAUTHENTICATED.words());
        List<JsonObject> domains = new ArrayList<>();
        summary.forEachDomain(domains::add);
        assertThat(domains).singleElement().asString().contains("\"causes\":{\"other-domain\":7}", "\"untold\":0");
    }

    @Test
    void aReporterWithoutANameIsCalledThat() {
        ReportRecord one = record(1, 1, true, true, List.of(), List.of());
        assertThat(DmarcSummary.of(Stream.of(report("", one), report("Receiver", one)))
                        .lines(_ -> Optional.empty()))
                .contains("  told by an unnamed reporter, Receiver in 2 reports, 2026-03-01 to 2026-03-01");
        assertThat(DmarcSummary.of(Stream.of(report(" ", one))).lines(_ -> Optional.empty()))
                .contains("  told by an unnamed reporter in 1 report, 2026-03-01 to 2026-03-01");
    }

    @Test
    void findsTheCauseOfAFailure() {
        ReportRecord forwarded = record(
                1,
                1,
                false,
                false,
                List.of(dkim("example.com", AuthOutcome.FAIL)),
                List.of(spf("list.example", AuthOutcome.PASS)));
        ReportRecord told = record(
                1, 1, false, false, List.of(), List.of(), new OverrideReason(OverrideReason.Type.MAILING_LIST, ""));
        ReportRecord broken =
                record(1, 1, false, false, List.of(dkim("mail.example.com", AuthOutcome.PERMERROR)), List.of());

        assertThat(SourceTally.cause(forwarded)).isEqualTo(SourceTally.Cause.FORWARDED);
        assertThat(SourceTally.cause(told)).isEqualTo(SourceTally.Cause.FORWARDED);
        assertThat(SourceTally.cause(broken)).isEqualTo(SourceTally.Cause.BROKEN_SIGNATURE);
    }

    @Test
    void showsTheLargestSendersOnly() {
        List<ReportRecord> many = new ArrayList<>();
        for (int i = 1; i <= DmarcSummary.SHOWN + 5; i++) {
            many.add(record(i, i, true, true, List.of(), List.of()));
        }
        List<String> lines = DmarcSummary.of(Stream.of(report(many.toArray(ReportRecord[]::new))))
                .lines(_ -> Optional.empty());
        assertThat(lines).contains("  and 5 senders more with 15 messages (--json has all)");
    }

    @Test
    void takesInAllReportsOfTheCollectionsOrSaysWhyNot() throws IOException {
        Path reports = Conformance.require("reports");
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> reasons = new ArrayList<>();
        try (ReportStore store = ReportStore.open(folder.resolve("reports.db"))) {
            ReportReader reader = new ReportReader(store, () -> Instant.parse("2026-03-02T00:00:00Z"), new Metrics());
            try (Stream<Path> files = Files.walk(reports)) {
                for (Path file : files.filter(SummaryTest::isReport).sorted().toList()) {
                    for (ReportReader.Outcome outcome : reader.file(Files.readAllBytes(file))) {
                        outcomes.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
                        if (outcome instanceof ReportReader.Outcome.Refused(String reason)) {
                            reasons.add(file.getFileName() + ": " + reason);
                        }
                    }
                }
            }
            assertThat(DmarcSummary.of(reader.dmarc(Optional.empty(), Instant.EPOCH, 100))
                            .lines(_ -> Optional.empty()))
                    .anyMatch(line -> line.startsWith("stalw.art: 2 messages"));
            assertThat(TlsSummary.of(reader.tls(Optional.empty(), Instant.EPOCH, 100), Optional.of("company-y.example"))
                            .lines())
                    .contains(
                            "company-y.example: 5629 connections to its servers, 94 % with TLS as wanted",
                            "    The certificate has expired. Renew it.");
        }
        assertThat(reasons)
                .containsExactly(
                        "bad.com!example.com!1337140800!1337227200.xml: source_ip is no address: 108r.166.27.220");
        assertThat(outcomes).isEqualTo(Map.of("Stored", 19, "Known", 2, "Single", 6, "Refused", 1));
    }

    /** The expected parses beside the mails of ARF and DMARC are no reports; those of TLS are. */
    private static boolean isReport(Path file) {
        String folder = String.valueOf(file.getParent().getFileName());
        String name = String.valueOf(file.getFileName());
        boolean expectation = name.endsWith(".json") && !folder.startsWith("tlsrpt");
        return Files.isRegularFile(file) && !name.equals("SOURCE.md") && !expectation;
    }
}
