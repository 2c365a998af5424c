package org.posthorn.protocol.arf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.mail.MessageContent;
import org.posthorn.testing.Conformance;

class FeedbackReportTest {
    private static FeedbackReport parse(String fields) throws IOException {
        String message = "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: message/feedback-report\r\n\r\n" + fields + "\r\n--b--\r\n";
        return FeedbackReportParser.parse(MessageContent.of(message.getBytes(ISO_8859_1)));
    }

    private static FeedbackReport read(Path file) throws IOException {
        return FeedbackReportParser.parse(MessageContent.ofFile(file, 0, Files.size(file)));
    }

    @Test
    void readsDmarcFailureReport() throws IOException {
        FeedbackReport report = parse(String.join(
                "\r\n",
                "Feedback-Type: auth-failure",
                "Version: 1",
                "User-Agent: X/1",
                "Auth-Failure: dmarc",
                "Identity-Alignment: spf, dkim",
                "Delivery-Result: reject",
                "Source-IP: 2001:db8::1",
                "Incidents: 12",
                "Authentication-Results: mx.example;",
                " spf=fail",
                "DKIM-Domain: d.example",
                "DKIM-Selector: s"));

        assertThat(report.type()).isEqualTo(FeedbackReport.Type.AUTH_FAILURE);
        assertThat(report.authFailure()).contains(FeedbackReport.AuthFailure.DMARC);
        assertThat(report.identityAlignment()).contains("spf, dkim");
        assertThat(report.deliveryResult()).contains("reject");
        assertThat(report.source()).contains(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(report.incidents()).isEqualTo(12);
        assertThat(report.authenticationResults()).containsExactly("mx.example; spf=fail");
        assertThat(report.dkimDomain()).contains("d.example");
    }

    @Test
    void takesUnknownWordsAndWrongNumbersMildly() throws IOException {
        FeedbackReport report =
                parse("Feedback-Type: opt-out\r\nIncidents: -3\r\nSource-IP: mail.example.org\r\nArrival-Date: soon");

        assertThat(report.type()).isEqualTo(FeedbackReport.Type.OTHER);
        assertThat(report.incidents()).isEqualTo(1);
        assertThat(report.source()).isEmpty();
        assertThat(report.arrived()).isEmpty();
    }

    @Test
    void boundsFieldsAndValues() throws IOException {
        FeedbackReport report = parse("Feedback-Type: abuse\r\nUser-Agent: " + "x".repeat(5000) + "\r\n"
                + "Reported-URI: http://e\r\n".repeat(1000));

        assertThat(report.userAgent()).hasSize(1000);
        assertThat(report.reportedUris()).hasSize(100);
    }

    @Test
    void refusesOtherMail() {
        assertThatThrownBy(() -> FeedbackReportParser.parse(
                        MessageContent.of("Subject: hello\r\n\r\nFeedback-Type: abuse\r\n".getBytes(ISO_8859_1))))
                .isInstanceOf(FeedbackSyntaxException.class)
                .hasMessageContaining("message/feedback-report");
        assertThatThrownBy(() -> parse("Version: 1"))
                .isInstanceOf(FeedbackSyntaxException.class)
                .hasMessageContaining("Feedback-Type");
    }

    @Test
    void readsTheFailureReportsOfParsedmarc() throws IOException {
        Path folder = Conformance.require("reports").resolve("dmarc-failure-parsedmarc");
        FeedbackReport linkedin = read(folder.resolve("dmarc_ruf_report_linkedin.eml"));
        assertThat(linkedin.originalRecipients()).containsExactly("recipient@linkedin.com");
        assertThat(linkedin.arrived()).contains(Instant.parse("2019-04-30T02:09:00Z"));
        assertThat(linkedin.original()).isPresent();
        // in multipart/mixed, in base64, after an empty line
        FeedbackReport netease = read(folder.resolve("[Netease DMARC Failure Report] Rent Reminder.eml"));
        assertThat(netease.source()).contains(InetAddress.ofLiteral("167.89.69.24"));
        assertThat(netease.deliveryResult()).contains("delivered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"001", "002", "003", "004"})
    void readsWhatMailAuthReads(String name) throws IOException {
        Path folder = Conformance.require("reports").resolve("arf-mail-auth");
        FeedbackReport report = read(folder.resolve(name + ".eml"));
        JsonObject expected = Json.readObject(Files.readString(folder.resolve(name + ".json"), UTF_8));

        assertThat(report.type().word().replace("-", ""))
                .isEqualToIgnoringCase(expected.text("feedback_type").orElseThrow());
        assertThat(report.arrived().map(Instant::getEpochSecond)).isEqualTo(expected.integer("arrival_date"));
        assertThat(report.authenticationResults().stream()
                        .map(text -> text.replaceAll("\\s+", " "))
                        .toList())
                .isEqualTo(texts(expected, "authentication_results"));
        assertThat(report.incidents()).isEqualTo(expected.integer("incidents").orElseThrow());
        assertThat(report.originalEnvelopeId()).isEqualTo(expected.text("original_envelope_id"));
        assertThat(report.originalMailFrom()).isEqualTo(expected.text("original_mail_from"));
        assertThat(report.originalRecipients().stream().findFirst()).isEqualTo(expected.text("original_rcpt_to"));
        assertThat(report.reportedDomains()).isEqualTo(texts(expected, "reported_domain"));
        assertThat(report.reportedUris()).isEqualTo(texts(expected, "reported_uri"));
        assertThat(report.reportingMta()).isEqualTo(expected.text("reporting_mta"));
        assertThat(report.source().map(InetAddress::getHostAddress)).isEqualTo(expected.text("source_ip"));
        assertThat(report.userAgent()).isEqualTo(expected.text("user_agent").orElseThrow());
        assertThat(report.authFailure().map(FeedbackReport.AuthFailure::word).orElse("unspecified"))
                .isEqualToIgnoringCase(expected.text("auth_failure").orElseThrow());
        assertThat(report.dkimDomain()).isEqualTo(expected.text("dkim_domain"));
        assertThat(report.original()).isPresent();
    }

    /** On one line each, as we read fields. */
    private static List<String> texts(JsonObject json, String name) {
        return json.array(name).stream()
                .map(JsonText.class::cast)
                .map(text -> text.value().replaceAll("\\n\\s*", " "))
                .toList();
    }

    @Test
    void readsEveryFieldOfTheRfcs() throws IOException {
        FeedbackReport report = parse(String.join(
                "\r\n",
                "",
                "",
                "Feedback-Type: Fraud",
                "User-Agent: X/1",
                "Original-Envelope-Id: e1",
                "Original-Mail-From: <a@example.net>",
                "Original-Rcpt-To: <b@example.org>",
                "Original-Rcpt-To: <c@example.org>",
                "Received-Date: Thu, 1 Jan 2026 00:00:00 +0000",
                "Reporting-MTA: dns; mx.example.org",
                "Source-IP: 192.0.2.1 (client.example.net)",
                "Reported-Domain: example.net",
                "Auth-Failure: BodyHash",
                "Incidents: 0",
                "DKIM-Selector: s1",
                "DKIM-Identity: @example.net",
                "SPF-DNS: txt : example.net : v=spf1"));
        assertThat(report.type()).isEqualTo(FeedbackReport.Type.FRAUD);
        assertThat(report.userAgent()).isEqualTo("X/1");
        assertThat(report.originalEnvelopeId()).contains("e1");
        assertThat(report.originalMailFrom()).contains("<a@example.net>");
        assertThat(report.originalRecipients()).containsExactly("<b@example.org>", "<c@example.org>");
        assertThat(report.arrived()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(report.reportingMta()).contains("mx.example.org");
        assertThat(report.source()).contains(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(report.authFailure()).contains(FeedbackReport.AuthFailure.BODY_HASH);
        assertThat(report.incidents()).isEqualTo(1);
        assertThat(report.dkimSelector()).contains("s1");
        assertThat(report.dkimIdentity()).contains("@example.net");
        assertThat(report.spfRecord()).contains("txt : example.net : v=spf1");
        assertThat(report.original()).isEmpty();
    }

    @Test
    void theDateOfArrivalCountsBeforeThatOfReceipt() throws IOException {
        FeedbackReport report = parse("Feedback-Type: abuse\r\nReceived-Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
                + "Arrival-Date: Fri, 2 Jan 2026 00:00:00 +0000\r\nReporting-MTA: mx.example.org");
        assertThat(report.arrived()).contains(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(report.reportingMta()).contains("mx.example.org");
    }

    @Test
    void readsAddressesOfAtMost45Characters() throws IOException {
        String longest = "0000:0000:0000:0000:0000:ffff:255.255.255.254";
        assertThat(longest).hasSize(45);
        assertThat(parse("Feedback-Type: abuse\r\nSource-IP: " + longest).source())
                .contains(InetAddress.ofLiteral("255.255.255.254"));
    }

    @Test
    void readsNoFieldsBehind65536Octets() throws IOException {
        String filler = "X: " + "y".repeat(995) + "\r\n";
        String lines = "Feedback-Type: abuse\r\n" + filler.repeat(65);
        String reached = lines + "X: " + "y".repeat(65_536 - lines.length() - 5 - 15) + "\r\nUser-Agent: abc\r\n";
        assertThat(reached).hasSize(65_536 + 2);
        assertThat(parse(reached).userAgent()).isEqualTo("abc");
        assertThat(parse("Z" + reached.replace("Feedback-Type", ": 1\r\nFeedback-Type"))
                        .userAgent())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"message/rfc822", "message/global", "text/rfc822-headers"})
    void readsTheHeaderOfWhatItIsAbout(String type) throws IOException {
        String message = "Content-Type: multipart/report; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: virus\r\n"
                + "--b\r\nContent-Type: " + type + "\r\n\r\nSubject: original\r\n\r\nbody\r\n--b--\r\n";
        FeedbackReport report = FeedbackReportParser.parse(MessageContent.of(message.getBytes(ISO_8859_1)));
        assertThat(report.type()).isEqualTo(FeedbackReport.Type.VIRUS);
        assertThat(report.original()
                        .orElseThrow()
                        .first("Subject")
                        .orElseThrow()
                        .value())
                .contains("original");
    }
}
