package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reports of others: from the wire into words; and ours: to those who ask. */
@ExtendWith(Peers.class)
class ReportsTest {
    @TempDir
    private Path dir;

    @Test
    void reportThatComesByMailShowsInWords() throws Exception {
        try (PosthornServer posthorn =
                PosthornServer.configured(dir.resolve("posthorn"), "reports.mailboxes=[\"alice@posthorn.test\"]")) {
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
            receive("r@receiver.test", message);

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

    /**
     * A day of ours as those see it who asked for it: Postfix takes mail from us and reports about it; Python reads the reports, dkimpy
     * the signatures, and a web server of Python's gets the upload.
     */
    @Test
    void ourReportsReachThoseWhoAskAndSayWhatHappened() throws Exception {
        Tool.require("python3");
        Process web = new ProcessBuilder(
                        "/usr/bin/python3",
                        Repository.root().resolve("interop/peers/https-sink.py").toString(),
                        "3680",
                        Peers.DIR.resolve("tls/peer.crt").toString(),
                        Peers.DIR.resolve("tls/peer.key").toString(),
                        dir.resolve("upload").toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("web.out").toFile())
                .start();
        try (PosthornServer posthorn = PosthornServer.configured(
                dir.resolve("posthorn"),
                "delivery.port=" + Peers.SMTP,
                "inbound.authentication.exempt=[]",
                "reports.dmarc.send=true",
                // nothing of asks.test passes
                "reports.dmarc.only-proven=false",
                "reports.dmarc.from=\"reports@posthorn.test\"",
                "reports.tls.send=true",
                "reports.tls.to-private-addresses=true")) {
            posthorn.submit(
                            List.of("x@asks.test"),
                            "From: alice@posthorn.test\r\nSubject: hi\r\n\r\nhi\r\n"
                                    .getBytes(StandardCharsets.US_ASCII))
                    .succeeded();
            Eventually.get("Postfix's answer", posthorn::log, log -> log.contains("to=<x@asks.test>"));
            receive(
                    "someone@asks.test",
                    "From: someone@asks.test\r\nTo: alice@posthorn.test\r\nSubject: hi\r\n\r\nhi\r\n");

            String today = LocalDate.now(ZoneOffset.UTC).toString();
            assertThat(posthorn.command("report", "send", "dmarc", "--day", today)
                            .succeeded()
                            .output())
                    .contains("asks.test " + today + ": sent");
            assertThat(posthorn.command("report", "send", "tls", "--day", today)
                            .succeeded()
                            .output())
                    .contains("asks.test " + today + ": sent");
            assertThat(posthorn.command("report", "send", "tls").succeeded().output())
                    .contains("no report is due");

            String dmarc = Peers.awaitMessage(Peers.maildir(11), "Report Domain: asks.test");
            assertThat(read("dmarc", dmarc))
                    .contains("type multipart/mixed None")
                    .contains("file posthorn.test!asks.test!")
                    .contains("domain asks.test")
                    .contains("record 127.0.0.1 1 none asks.test")
                    .contains("signatures pass pass");
            String tls = Peers.awaitMessage(Peers.maildir(12), "TLS-Report-Domain: asks.test");
            assertThat(read("tls", tls))
                    .contains("type multipart/report tlsrpt")
                    .contains("submitter posthorn.test")
                    .contains("part application/tlsrpt+gzip")
                    .contains("file posthorn.test!asks.test!")
                    .contains("policy no-policy-found asks.test 1 0")
                    .contains("signatures pass pass");
            assertThat(Tool.run("/bin/sh", "-c", "zcat " + dir.resolve("upload"))
                            .succeeded()
                            .output())
                    .contains("\"policy-domain\":\"asks.test\"")
                    .contains("\"total-successful-session-count\":1");
            assertThat(Files.readString(dir.resolve("web.out"))).contains("POST /v1/tlsrpt application/tlsrpt+gzip");
        } finally {
            web.destroy();
            web.waitFor();
        }
    }

    /** Mail to Alice, over our port for strangers. */
    private static void receive(String sender, String message) {
        Tool.run(
                        Map.of(),
                        message.getBytes(StandardCharsets.US_ASCII),
                        List.of(
                                "curl",
                                "-sS",
                                "--url",
                                "smtp://127.0.0.1:" + PosthornServer.SMTP,
                                "--mail-from",
                                sender,
                                "--mail-rcpt",
                                "alice@posthorn.test",
                                "--upload-file",
                                "-"))
                .succeeded();
    }

    private String read(String kind, String message) throws Exception {
        Path file = dir.resolve(kind + ".eml");
        Files.writeString(file, message, StandardCharsets.ISO_8859_1);
        return Tool.run(
                        "/usr/bin/python3",
                        Repository.root()
                                .resolve("interop/peers/read-report.py")
                                .toString(),
                        file.toString(),
                        Peers.DIR.resolve("dkim/keys.txt").toString())
                .succeeded()
                .output();
    }
}
