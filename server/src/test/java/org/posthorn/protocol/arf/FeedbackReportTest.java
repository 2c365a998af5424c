package org.posthorn.protocol.arf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
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
}
