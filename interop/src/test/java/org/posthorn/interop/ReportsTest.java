package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reports of others: from the wire into words. */
@ExtendWith(Peers.class)
class ReportsTest {
    @TempDir
    private Path dir;

    @Test
    void reportThatComesByMailShowsInWords() throws Exception {
        try (PosthornServer posthorn =
                PosthornServer.start(dir.resolve("posthorn"), "--set", "reports.mailboxes=[\"alice@posthorn.test\"]")) {
            long day = LocalDate.now(ZoneOffset.UTC)
                    .minusDays(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toEpochSecond();
            String xml =
                    "<feedback><report_metadata><org_name>Receiver</org_name><email>r@receiver.test</email><report_id>r1</report_id>"
                            + "<date_range><begin>" + day + "</begin><end>" + (day + 86399)
                            + "</end></date_range></report_metadata>"
                            + "<policy_published><domain>posthorn.test</domain><p>reject</p></policy_published>"
                            + "<record><row><source_ip>192.0.2.7</source_ip><count>3</count><policy_evaluated><disposition>reject</disposition>"
                            + "<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>posthorn.test</header_from>"
                            + "</identifiers><auth_results><spf><domain>posthorn.test</domain><result>fail</result></spf></auth_results></record></feedback>";
            byte[] gzip = Tool.run(
                            Map.of(), xml.getBytes(StandardCharsets.US_ASCII), List.of("sh", "-c", "gzip -c | base64"))
                    .succeeded()
                    .output()
                    .getBytes(StandardCharsets.US_ASCII);
            String message =
                    "From: r@receiver.test\r\nTo: alice@posthorn.test\r\nSubject: Report Domain: posthorn.test\r\n"
                            + "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                            + new String(gzip, StandardCharsets.US_ASCII).replace("\n", "\r\n");
            Tool.run(
                            Map.of(),
                            message.getBytes(StandardCharsets.US_ASCII),
                            List.of(
                                    "curl",
                                    "-sS",
                                    "--url",
                                    "smtp://localhost:" + PosthornServer.SMTP,
                                    "--mail-from",
                                    "r@receiver.test",
                                    "--mail-rcpt",
                                    "alice@posthorn.test",
                                    "--upload-file",
                                    "-"))
                    .succeeded();

            String words = Eventually.get(
                    "the report in the store",
                    Duration.ofSeconds(30),
                    () -> posthorn.command("report", "dmarc").output(),
                    text -> text.contains("192.0.2.7"));
            assertThat(words)
                    .contains("posthorn.test: 3 messages in its name from 1 sender, 0 % pass DMARC")
                    .contains("192.0.2.7: 3 messages, 0 pass, 3 fail, 3 rejected")
                    .contains("your SPF record does not name this sender");
            assertThat(posthorn.command("report", "dmarc", "--domain", "other.test")
                            .output())
                    .contains("no DMARC reports");
        }
    }
}
