package org.posthorn.protocol.tlsrpt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.reportmail.ReportAttachments;
import org.posthorn.protocol.tlsrpt.TlsReport.PolicyType;
import org.posthorn.testing.Conformance;

class TlsReportsTest {
    private static final String RANGE =
            "\"date-range\":{\"start-datetime\":\"2026-01-01T00:00:00Z\",\"end-datetime\":\"2026-01-01T23:59:59Z\"}";

    private static TlsReport parse(String json) {
        return TlsReports.parse(json.getBytes(UTF_8));
    }

    private static TlsReport read(String file) throws IOException {
        return TlsReports.parse(
                Files.readAllBytes(Conformance.require("reports").resolve(file)));
    }

    @Test
    void readsWhatItWrites() {
        TlsReport report = new TlsReport(
                "Example",
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2026-01-01T23:59:59Z"),
                "mailto:tls@example.org",
                "2026-01-01_example.net",
                List.of(new TlsReport.PolicyResult(
                        PolicyType.STS,
                        List.of("version: STSv1", "mode: enforce"),
                        "example.net",
                        List.of("*.example.net"),
                        5,
                        2,
                        List.of(new TlsReport.Failure(
                                "certificate-expired",
                                Optional.of("192.0.2.1"),
                                Optional.of("mx.example.net"),
                                Optional.empty(),
                                Optional.of("192.0.2.2"),
                                2,
                                Optional.empty(),
                                Optional.of("expired \"yesterday\""))))));

        assertThat(TlsReports.parse(TlsReports.write(report))).isEqualTo(report);
    }

    @Test
    void takesTextForListsAndNumbersAsOthersWriteThem() {
        TlsReport report = parse("{" + RANGE
                + ",\"report-id\":\"1\",\"policies\":[{\"policy\":{\"policy-type\":\"STS\",\"policy-string\":\"mode: none\","
                + "\"mx-host\":\"mx.example.net\"},\"summary\":{\"total-successful-session-count\":\"7\"}}]}");

        TlsReport.PolicyResult policy = report.policies().getFirst();
        assertThat(policy.type()).isEqualTo(PolicyType.STS);
        assertThat(policy.strings()).containsExactly("mode: none");
        assertThat(policy.mxHosts()).containsExactly("mx.example.net");
        assertThat(policy.successes()).isEqualTo(7);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> parse("[]")).isInstanceOf(TlsReportSyntaxException.class);
        assertThatThrownBy(() -> parse("{\"report-id\":\"1\"}")).hasMessageContaining("date-range");
        assertThatThrownBy(() -> parse("{" + RANGE + "}")).hasMessageContaining("report-id");
        assertThatThrownBy(() -> parse("{" + RANGE.replace("2026-01-01T00", "soon") + ",\"report-id\":\"1\"}"))
                .hasMessageContaining("no date");
        assertThatThrownBy(
                        () -> parse(
                                "{" + RANGE
                                        + ",\"report-id\":\"1\",\"policies\":[{\"policy\":{},\"summary\":{\"total-failure-session-count\":-1}}]}"))
                .hasMessageContaining("no sensible number");
        assertThatThrownBy(() -> parse("{" + RANGE + ",\"report-id\":\"1\",\"policies\":[7]}"))
                .isInstanceOf(TlsReportSyntaxException.class);
        assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(TlsReportSyntaxException.class);
    }

    @Test
    void boundsPoliciesFailuresStringsAndSize() {
        String policy = "{\"policy\":{\"policy-type\":\"sts\"},\"summary\":{}}";
        String policies = String.join(",", Collections.nCopies(TlsReports.MAX_POLICIES + 1, policy));
        assertThatThrownBy(() -> parse("{" + RANGE + ",\"report-id\":\"1\",\"policies\":[" + policies + "]}"))
                .hasMessageContaining("policies");
        String failures = String.join(",", Collections.nCopies(TlsReports.MAX_FAILURES + 1, "{}"));
        assertThatThrownBy(() -> parse("{" + RANGE + ",\"report-id\":\"1\",\"policies\":["
                        + policy.replace("}}", "},\"failure-details\":[" + failures + "]}") + "]}"))
                .isInstanceOf(TlsReportSyntaxException.class);
        String strings = String.join(",", Collections.nCopies(1000, "\"" + "x".repeat(2000) + "\""));
        TlsReport report = parse("{" + RANGE + ",\"report-id\":\"1\",\"policies\":["
                + policy.replace("\"sts\"", "\"sts\",\"policy-string\":[" + strings + "]") + "]}");
        assertThat(report.policies().getFirst().strings())
                .hasSize(TlsReports.MAX_STRINGS)
                .allMatch(text -> text.length() == TlsReports.MAX_TEXT);
        assertThatThrownBy(() -> TlsReports.parse(new byte[TlsReports.MAX_SIZE + 1]))
                .hasMessageContaining("octets");
    }

    @Test
    void readsTheReportsOfTheCollections() throws IOException {
        TlsReport rfc = read("tlsrpt-mail-auth/rpt01.json");
        assertThat(rfc.organization()).isEqualTo("Company-X");
        assertThat(rfc.begin()).isEqualTo("2016-04-01T00:00:00Z");
        assertThat(rfc.policies()).hasSize(1);
        assertThat(rfc.policies().getFirst().successes()).isEqualTo(5326);
        assertThat(rfc.policies().getFirst().failures()).isEqualTo(303);
        assertThat(rfc.policies().getFirst().details())
                .extracting(TlsReport.Failure::result)
                .containsExactly("certificate-expired", "starttls-not-supported", "validation-failure");
        assertThat(rfc.policies().getFirst().details())
                .extracting(TlsReport.Failure::count)
                .containsExactly(100L, 200L, 3L);
        assertThat(read("tlsrpt-mail-auth/rpt03.json").policies())
                .extracting(TlsReport.PolicyResult::type)
                .containsExactly(PolicyType.NO_POLICY_FOUND, PolicyType.OTHER);
        assertThat(read("tlsrpt-parsedmarc/smtp_tls.json").policies().getFirst().failures())
                .isEqualTo(3);
    }

    @Test
    void readsTheSameFromMailAsFromTheFileBesideIt() throws IOException {
        Path folder = Conformance.require("reports").resolve("tlsrpt-mail-auth");
        for (String name : List.of("rpt01", "rpt02")) {
            Path mail = folder.resolve(name + ".eml");
            byte[] attached = ReportAttachments.of(MessageContent.ofFile(mail, 0, Files.size(mail)))
                    .getFirst()
                    .bytes();
            assertThat(TlsReports.parse(attached)).isEqualTo(read("tlsrpt-mail-auth/" + name + ".json"));
        }
    }

    /** RFC 8460 4.4: what is not known is left out. */
    @Test
    void writesTheWordsOfTheRfc() {
        TlsReport.Failure failure = new TlsReport.Failure(
                "starttls-not-supported",
                Optional.of("192.0.2.1"),
                Optional.of("mx.example.net"),
                Optional.of("helo.example.net"),
                Optional.of("192.0.2.2"),
                3,
                Optional.of("https://example.org/why"),
                Optional.of("none"));
        TlsReport report = new TlsReport(
                "Example",
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2026-01-01T23:59:59Z"),
                "tls@example.org",
                "1",
                List.of(
                        new TlsReport.PolicyResult(
                                PolicyType.TLSA,
                                List.of("3 1 1 00"),
                                "example.net",
                                List.of("mx.example.net"),
                                4,
                                3,
                                List.of(failure)),
                        new TlsReport.PolicyResult(
                                PolicyType.NO_POLICY_FOUND, List.of(), "", List.of(), 1, 0, List.of())));
        assertThat(new String(TlsReports.write(report), UTF_8).replaceAll("[\\s]", ""))
                .isEqualTo(
                        "{\"organization-name\":\"Example\",\"date-range\":{\"start-datetime\":\"2026-01-01T00:00:00Z\","
                                + "\"end-datetime\":\"2026-01-01T23:59:59Z\"},\"contact-info\":\"tls@example.org\",\"report-id\":\"1\","
                                + "\"policies\":[{\"policy\":{\"policy-type\":\"tlsa\",\"policy-string\":[\"3 1 1 00\"],"
                                        .replace(" ", "")
                                + "\"policy-domain\":\"example.net\",\"mx-host\":[\"mx.example.net\"]},"
                                + "\"summary\":{\"total-successful-session-count\":4,\"total-failure-session-count\":3},"
                                + "\"failure-details\":[{\"result-type\":\"starttls-not-supported\",\"sending-mta-ip\":\"192.0.2.1\","
                                + "\"receiving-mx-hostname\":\"mx.example.net\",\"receiving-mx-helo\":\"helo.example.net\","
                                + "\"receiving-ip\":\"192.0.2.2\",\"failed-session-count\":3,"
                                + "\"additional-information\":\"https://example.org/why\",\"failure-reason-code\":\"none\"}]},"
                                + "{\"policy\":{\"policy-type\":\"no-policy-found\"},"
                                + "\"summary\":{\"total-successful-session-count\":1,\"total-failure-session-count\":0}}]}");
        assertThat(TlsReports.parse(TlsReports.write(report))).isEqualTo(report);
    }

    @Test
    void takesWhatOthersLeaveOut() {
        TlsReport report = parse("\ufeff{" + RANGE.replace("00Z", "00").replace("59Z", "59+01:00")
                + ",\"report-id\":\" 1 \",\"policies\":[{\"policy\":{},\"summary\":{},\"failure-details\":[{\"additional-info-uri\":\"u\","
                + "\"receiving-ip\":\"\"}]}]}");
        assertThat(report.organization()).isEmpty();
        assertThat(report.contact()).isEmpty();
        assertThat(report.id()).isEqualTo("1");
        assertThat(report.begin()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(report.end()).isEqualTo("2026-01-01T22:59:59Z");
        TlsReport.PolicyResult policy = report.policies().getFirst();
        assertThat(policy.type()).isEqualTo(PolicyType.OTHER);
        assertThat(policy.domain()).isEmpty();
        assertThat(policy.details().getFirst().information()).contains("u");
        assertThat(policy.details().getFirst().receivingIp()).isEmpty();
    }

    @Test
    void aPeriodMayBeOneMomentButNotNegative() {
        String moment = RANGE.replace("23:59:59", "00:00:00");
        assertThat(parse("{" + moment + ",\"report-id\":\"1\"}").end()).isEqualTo("2026-01-01T00:00:00Z");
        String backwards = moment.replace("\"end-datetime\":\"2026", "\"end-datetime\":\"2025");
        assertThatThrownBy(() -> parse("{" + backwards + ",\"report-id\":\"1\"}"))
                .hasMessageContaining("ends before it begins");
    }

    @Test
    void countsUpToABillionTimesAThousand() {
        String json = "{" + RANGE
                + ",\"report-id\":\"1\",\"policies\":[{\"policy\":{},\"summary\":{\"total-failure-session-count\":COUNT}}]}";
        assertThat(parse(json.replace("COUNT", "1000000000000"))
                        .policies()
                        .getFirst()
                        .failures())
                .isEqualTo(1_000_000_000_000L);
        assertThatThrownBy(() -> parse(json.replace("COUNT", "1000000000001")))
                .hasMessageContaining("no sensible number");
        assertThatThrownBy(() -> parse(json.replace("COUNT", "[]"))).hasMessageContaining("no sensible number");
    }

    @Test
    void reads1000PoliciesAnd10000FailuresIn4MiB() {
        String policy =
                "{\"policy\":{\"policy-type\":\"sts\"},\"summary\":{},\"failure-details\":[" + "{},".repeat(9) + "{}]}";
        String json = "{" + RANGE + ",\"report-id\":\"1\",\"policies\":["
                + String.join(",", Collections.nCopies(1_000, policy)) + "]}";
        TlsReport report = parse(json + " ".repeat(4_194_304 - json.length()));
        assertThat(report.policies()).hasSize(1_000);
        assertThat(report.policies()).allMatch(result -> result.details().size() == 10);
        assertThatThrownBy(() -> parse(json + " ".repeat(4_194_305 - json.length())))
                .hasMessage("the report has more than 4194304 octets");
        assertThatThrownBy(() -> parse(json.replaceFirst("\\{}]}", "{},{}]}"))).hasMessage("more than 10000 failures");
    }
}
