package org.posthorn.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.reporting.Reporting;

/** Reports of others, taken in and shown, and those that are sent. */
class ReportCommandsTest {
    private static final String TLS = """
            {"organization-name": "Sender", "date-range": {"start-datetime": "2026-03-01T00:00:00Z",
             "end-datetime": "2026-03-01T23:59:59Z"}, "contact-info": "tls@sender.example", "report-id": "t1",
             "policies": [{"policy": {"policy-type": "no-policy-found", "policy-domain": "example.org"},
             "summary": {"total-successful-session-count": 3, "total-failure-session-count": 1}}]}
            """;

    @TempDir
    private Path folder;

    private final CommandTable table = new CommandTable();
    private Reporting reporting;

    @BeforeEach
    void open() throws IOException {
        reporting = Reporting.open(
                folder.resolve("reports.db"),
                () -> {
                    throw new IllegalStateException("reading asks for no configuration");
                },
                () -> Instant.parse("2026-03-03T00:00:00Z"),
                new Metrics(),
                MailLog.none());
        Supplier<Function<InetAddress, Optional<String>>> names = () -> _ -> Optional.of("mail.sender.example");
        ReportCommands.addTo(table, reporting.reader(), names, () -> Instant.parse("2026-03-03T00:00:00Z"));
    }

    @AfterEach
    void close() throws IOException {
        reporting.close();
    }

    private static String dmarc(String id, String domain, int sources) {
        return "<feedback><report_metadata><org_name>O</org_name><report_id>" + id + "</report_id>"
                + "<date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>"
                + "<policy_published><domain>" + domain + "</domain><p>none</p></policy_published>"
                + IntStream.range(0, sources)
                        .mapToObj(i -> "<record><row><source_ip>192.0." + i / 256 + "." + i % 256
                                + "</source_ip><count>1</count><policy_evaluated><disposition>none</disposition>"
                                + "<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>"
                                + domain + "</header_from></identifiers><auth_results/></record>")
                        .collect(Collectors.joining())
                + "</feedback>";
    }

    private AdminReply run(String... words) {
        return table.run(List.of(words));
    }

    private AdminReply take(String text) {
        return run("report", "import", "a.xml", Base64.getEncoder().encodeToString(text.getBytes(US_ASCII)));
    }

    private static String text(AdminReply reply) {
        assertThat(reply.ok()).as(reply.message()).isTrue();
        assertThat(reply.columns()).containsExactly("report");
        return reply.rows().stream().map(List::getFirst).collect(Collectors.joining("\n"));
    }

    @Test
    void saysWhatBecameOfAFile() {
        assertThat(text(take(dmarc("7", "example.org", 1)))).startsWith("a.xml: stored ");
        assertThat(text(take(dmarc("7", "example.org", 1)))).startsWith("a.xml: known already: ");
        AdminReply refused = take("Subject: hello\r\n\r\nno report\r\n");
        assertThat(refused.ok()).isFalse();
        assertThat(refused.message()).startsWith("a.xml: refused: no report in it");
        AdminReply garbled = run("report", "import", "b.xml", "!");
        assertThat(garbled.ok()).isFalse();
        assertThat(garbled.message()).startsWith("b.xml: ");
        assertThat(text(take("""
                        Content-Type: multipart/report; report-type=feedback-report; boundary=b\r
                        \r
                        --b\r
                        Content-Type: message/feedback-report\r
                        \r
                        Feedback-Type: abuse\r
                        User-Agent: x/1\r
                        Version: 1\r
                        \r
                        --b\r
                        Content-Type: message/rfc822\r
                        \r
                        From: a@example.org\r
                        \r
                        x\r
                        --b--\r
                        """))).startsWith("a.xml: not stored, it is about one message: abuse report");
    }

    @Test
    void showsDmarcReportsByDomainAndAge() {
        take(dmarc("7", "example.org", 1));
        take(dmarc("8", "example.net", 1));
        assertThat(text(run("report", "dmarc", "", "30", "text")))
                .contains("example.org: 1 message", "example.net: 1 message", "mail.sender.example");
        assertThat(text(run("report", "dmarc", "example.net", "30", "text")))
                .startsWith("example.net: 1 message")
                .doesNotContain("example.org");
        assertThat(text(run("report", "dmarc", "example.org", "30", "json")))
                .startsWith("[{")
                .contains("\"example.org\"");
        assertThat(text(run("report", "dmarc", "example.edu", "30", "json"))).isEqualTo("[]");
        AdminReply none = run("report", "dmarc", "example.edu", "30", "text");
        assertThat(none.ok()).isTrue();
        assertThat(none.message()).startsWith("no DMARC reports of that time are here; ");
        assertThat(run("report", "dmarc", "", "1", "text").message()).startsWith("no DMARC reports of that time");
    }

    /** Pieces of 50,000 characters, in order. */
    @Test
    void longJsonComesInPieces() {
        take(dmarc("7", "example.org", 900));
        List<String> pieces = run("report", "dmarc", "", "30", "json").rows().stream()
                .map(List::getFirst)
                .toList();
        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(pieces.subList(0, pieces.size() - 1)).allMatch(piece -> piece.length() == 50_000);
        assertThat(String.join("", pieces)).startsWith("[{").endsWith("}]").contains("192.0.3.131");
    }

    @Test
    void showsTlsReports() {
        assertThat(run("report", "tls", "", "30", "text").message()).startsWith("no TLS reports of that time are here");
        take(TLS);
        assertThat(text(run("report", "tls", "example.org", "30", "text")))
                .startsWith("example.org: 4 connections to its servers, ");
        assertThat(text(run("report", "tls", "example.org", "30", "json"))).contains("\"example.org\"");
        assertThat(run("report", "tls", "example.edu", "30", "text").message()).startsWith("no TLS reports");
    }

    @Test
    void daysAreFrom1To3650() {
        for (String good : List.of("1", "3650")) {
            assertThat(run("report", "dmarc", "", good, "text").ok()).as(good).isTrue();
        }
        for (String wrong : List.of("0", "-1", "3651")) {
            assertThat(run("report", "tls", "", wrong, "text"))
                    .isEqualTo(AdminReply.failed("days must be from 1 to 3650"));
        }
        assertThat(run("report", "dmarc", "", "many", "text"))
                .isEqualTo(AdminReply.failed("not a number of days: many"));
    }

    @Test
    void sendsWhatIsDueOrOneDay() {
        List<String> asked = new ArrayList<>();
        ReportCommands.addSending(table, (kind, day) -> {
            asked.add(kind + " " + day.map(LocalDate::toString).orElse("due"));
            if (kind.equals("tls")) {
                throw new IOException("reports.tls.send is not switched on");
            }
            return day.isPresent() ? List.of("example.org: sent") : List.of();
        });
        assertThat(text(run("report", "send", "dmarc", "2026-03-01"))).isEqualTo("example.org: sent");
        assertThat(run("report", "send", "dmarc", "")).isEqualTo(AdminReply.done("no report is due"));
        assertThat(run("report", "send", "tls", ""))
                .isEqualTo(AdminReply.failed("reports.tls.send is not switched on"));
        assertThat(run("report", "send", "dmarc", "yesterday"))
                .isEqualTo(AdminReply.failed("not a day like 2026-01-31: yesterday"));
        assertThat(asked).containsExactly("dmarc 2026-03-01", "dmarc due", "tls due");
    }
}
