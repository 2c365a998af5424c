package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mail submitted to us for other domains is signed, queued, and taken by the real Postfix; OpenDKIM and dkimpy verify the signatures. */
@ExtendWith(Peers.class)
class WeDeliverToPostfixTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        posthorn = PosthornServer.configured(dir.resolve("posthorn"), "smtp.max-message-size=\"100 MiB\"");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    private static byte[] message(String subject, String body) {
        return ("From: Alice <alice@posthorn.test>\r\nTo: user2@peer.test\r\nSubject: " + subject + "\r\n\r\n" + body
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void overTlsSignedTwiceAndVerifiedByOpenDkim() throws Exception {
        posthorn.submit(List.of("user2@peer.test"), message("signed", "hello\r\n.leading dot\r\n"))
                .succeeded();
        String received = Peers.awaitMessage(Peers.maildir(2), "Subject: signed");
        assertThat(received)
                .contains("Message-ID: ")
                .contains("Date: ")
                .containsPattern("\\(using TLSv1\\.3")
                .containsPattern(
                        "dkim=pass[^;]*header\\.d=posthorn\\.test[^;]*header\\.s=?\"?s1|dkim=pass[^;]*posthorn\\.test")
                .doesNotContain("dkim=fail");
        assertThat(received.split("DKIM-Signature: ", -1)).hasSize(3);
        Eventually.get("the delivery's line", posthorn::log, log -> log.contains("to=<user2@peer.test>"));
        assertThat(posthorn.log())
                .containsPattern(
                        "posthorn/smtp\\[\\d+\\]: [0-9A-Z]+: to=<user2@peer\\.test>, relay=[^,]*127\\.0\\.0\\.1[^,]*:3625,"
                                + " delay=[0-9.]+, delays=[0-9./]+, dsn=2\\.\\d\\.\\d, status=sent \\(250 ");
    }

    @Test
    void bothSignaturesVerifyWithDkimpy() throws Exception {
        posthorn.submit(
                        List.of("user3@peer.test"),
                        message("for-dkimpy", "spaces   at ends  \r\n\r\nand\ttabs\r\n\r\n\r\n"))
                .succeeded();
        String received = Peers.awaitMessage(Peers.maildir(3), "Subject: for-dkimpy");
        assertThat(Dkimpy.signatures(received)).isEqualTo("rsa-sha256 pass\ned25519-sha256 pass\n");
    }

    @Test
    void eightBitAsItWas() throws Exception {
        posthorn.submit(List.of("user4@peer.test"), message("eight-bit-out", "Grüße, žluťoučký kůň, 你好"))
                .succeeded();
        String received = Peers.awaitMessage(Peers.maildir(4), "Subject: eight-bit-out");
        assertThat(new String(received.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .contains("Grüße, žluťoučký kůň, 你好");
        assertThat(received).contains("dkim=pass").doesNotContain("dkim=fail");
    }

    @Test
    void toAnAddressOutsideAscii() throws Exception {
        Tool.run(
                        "/usr/bin/python3",
                        Repository.root()
                                .resolve("interop/peers/smtputf8-send.py")
                                .toString(),
                        String.valueOf(PosthornServer.SUBMISSION),
                        "alice@posthorn.test",
                        PosthornServer.PASSWORD,
                        "jörg@peer.test",
                        "utf8-out")
                .succeeded();
        // What Postfix has taken it cannot hand on: Dovecot's LMTP knows no SMTPUTF8. That is between the two.
        Eventually.get("the delivery's line", () -> sent("jörg@peer.test"), count -> count == 1);
    }

    @Test
    void fiftyMegabytesByteForByte() throws Exception {
        byte[] random = new byte[37 * 1000 * 1000];
        new Random(6).nextBytes(random);
        String body = Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(random);
        posthorn.submit(List.of("user5@peer.test"), message("fifty-megabytes-out", body))
                .succeeded();
        String received = Peers.awaitMessage(Peers.maildir(5), "Subject: fifty-megabytes-out");
        // Dovecot keeps messages with bare LF.
        assertThat(received).endsWith("\n\n" + body.replace("\r\n", "\n") + "\n");
        assertThat(received).contains("dkim=pass").doesNotContain("dkim=fail");
    }

    @Test
    void toAThousandRecipients() throws Exception {
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            recipients.add("user6+" + i + "@peer.test");
        }
        posthorn.submit(recipients, message("thousand-out", "to many")).succeeded();
        Eventually.get("delivery to all", () -> sent("user6"), count -> count >= 1000);
        assertThat(sent("user6")).isEqualTo(1000);
    }

    /** Recipients whose delivery our log reports as sent. */
    private static long sent(String prefix) throws Exception {
        return posthorn.log()
                .lines()
                .filter(line -> line.contains("to=<" + prefix) && line.contains("status=sent"))
                .map(line -> line.replaceAll(".*to=<([^>]*)>.*", "$1"))
                .distinct()
                .count();
    }

    @Test
    void whatPostfixRefusesComesBackAsANotice() throws Exception {
        posthorn.submit(List.of("nobody@peer.test", "user7@peer.test"), message("half-refused", "one of two exists"))
                .succeeded();
        Peers.awaitMessage(Peers.maildir(7), "Subject: half-refused");
        String notice = Peers.awaitMessage(posthorn.maildir("alice"), "Final-Recipient: rfc822; nobody@peer.test");
        assertThat(notice)
                .startsWith("Return-Path: <>\r\n")
                .contains("multipart/report; ")
                .contains("report-type=delivery-status")
                .contains("Action: failed")
                .contains("Status: 5.1.1")
                .contains("Diagnostic-Code: smtp; 550")
                .contains("Subject: half-refused")
                .doesNotContain("Final-Recipient: rfc822; user7@peer.test");
    }

    @Test
    void aDomainThatTakesNoMailIsRefusedAtOnce() throws Exception {
        posthorn.submit(List.of("somebody@nomx.test"), message("null-mx", "?")).succeeded();
        assertThat(Peers.awaitMessage(posthorn.maildir("alice"), "somebody@nomx.test"))
                .contains("Action: failed")
                .contains("5.1.10");
    }

    @Test
    void aDomainThatDoesNotExistIsRefused() throws Exception {
        posthorn.submit(List.of("somebody@nowhere.invalid"), message("no-such-domain", "?"))
                .succeeded();
        assertThat(Peers.awaitMessage(posthorn.maildir("alice"), "somebody@nowhere.invalid"))
                .contains("Action: failed")
                .contains("Status: 5.1.2");
    }

    @Test
    void somebodyElsesSenderIsRefused() {
        Tool.require("swaks");
        Tool refused = Tool.run(
                "swaks",
                "--server",
                "localhost:" + PosthornServer.SUBMISSION,
                "--tls",
                "--auth",
                "PLAIN",
                "--auth-user",
                "alice@posthorn.test",
                "--auth-password",
                PosthornServer.PASSWORD,
                "--from",
                "bob@posthorn.test",
                "--to",
                "user1@peer.test");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains("5.7.1");
    }

    @Test
    void nobodyRelaysWithoutAPassword() {
        Tool.require("swaks");
        Tool onMx = Tool.run(
                "swaks",
                "--server",
                "localhost:" + PosthornServer.SMTP,
                "--from",
                "x@plain.test",
                "--to",
                "user1@peer.test");
        assertThat(onMx.exit()).isNotZero();
        assertThat(onMx.output()).contains("554 5.7.1");
        Tool onSubmission = Tool.run(
                "swaks",
                "--server",
                "localhost:" + PosthornServer.SUBMISSION,
                "--tls",
                "--from",
                "alice@posthorn.test",
                "--to",
                "user1@peer.test");
        assertThat(onSubmission.exit()).isNotZero();
        assertThat(onSubmission.output()).contains("530 5.7.0");
    }

    @Test
    void pflogsummReadsOurLog() throws Exception {
        Tool.require("pflogsumm");
        posthorn.submit(List.of("user8@peer.test"), message("for-pflogsumm", "count me"))
                .succeeded();
        Peers.awaitMessage(Peers.maildir(8), "Subject: for-pflogsumm");
        Eventually.get("the delivery's line", posthorn::log, log -> log.contains("to=<user8@peer.test>"));
        Tool summary = Tool.run(
                "pflogsumm",
                "--syslog-name=posthorn",
                posthorn.dir().resolve("log/mail.log").toString());
        assertThat(summary.succeeded().output())
                .containsPattern("(?m)^ +[1-9]\\d* +received$")
                .containsPattern("(?m)^ +[1-9]\\d* +delivered$")
                .contains("user8@peer.test")
                .contains("alice@posthorn.test");
    }
}
