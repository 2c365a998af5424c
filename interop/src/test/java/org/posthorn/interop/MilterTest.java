package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Postfix has its mail signed by us in place of OpenDKIM, with OpenDKIM's own key: dkimpy and OpenDKIM judge both alike.
 * OpenDKIM's own tool for trying milters drives us too.
 */
@ExtendWith(Peers.class)
class MilterTest {
    private static final int OUR_MILTER = 3892;
    private static final int MX_OURS = 3626;
    private static final int SUBMISSION_OURS = 3688;
    private static final int SUBMISSION_OURS_2 = 3689;

    /** What tells a canonicalization that is nearly right from one that is: folds, runs of white space, empty values. */
    private static final String HEADER = String.join(
            "\r\n",
            "From: \"User, One\" <user1@peer.test>",
            "To:\tuser8@peer.test,",
            "   another@peer.test",
            "Cc:",
            "X-Odd : space before the colon",
            "References:  <a@b>",
            "\t<c@d>  ",
            "MIME-Version: 1.0",
            "Content-Type: text/plain;",
            "  charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            "");

    private static final String BODY =
            String.join("\r\n", "Grüße \t von  uns  ", ".leading dot", "", "From the start", "", "", "");

    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        posthorn = PosthornServer.configured(
                dir.resolve("posthorn"),
                "listen.milter=\"127.0.0.1:" + OUR_MILTER + "\"",
                "milter.internal-hosts=[]",
                "dkim.\"peer.test\".s1=\"" + Peers.DIR.resolve("dkim/peer.s1.pem") + "\"");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    /** Submits to Postfix as user1@peer.test. */
    private static void submit(int port, String header, String subject, String body) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--ssl-reqd"));
        command.addAll(List.of("--cacert", Peers.DIR.resolve("tls/ca.crt").toString()));
        command.addAll(List.of("--url", "smtp://localhost:" + port, "--user", "user1@peer.test:secret-1"));
        command.addAll(
                List.of("--mail-from", "user1@peer.test", "--mail-rcpt", "user8@peer.test", "--upload-file", "-"));
        String message = header + "Subject: " + subject + "\r\n\r\n" + body;
        Tool.run(Map.of(), message.getBytes(StandardCharsets.UTF_8), command).succeeded();
    }

    private static String awaited(String subject) throws Exception {
        return Peers.awaitMessage(Peers.maildir(8), "Subject: " + subject);
    }

    /** Hands a message to Postfix as a stranger. */
    private static void send(int port, String message, Charset charset, int user) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--url", "smtp://127.0.0.1:" + port));
        command.addAll(List.of("--mail-from", "user1@peer.test", "--mail-rcpt", "user" + user + "@peer.test"));
        command.addAll(List.of("--upload-file", "-"));
        Tool.run(Map.of(), message.getBytes(charset), command).succeeded();
    }

    /** What the Postfix whose OpenDKIM verifies makes of a message that was received, from its signature on. */
    private static String openDkim(String received, String subject) throws Exception {
        String signed = received.substring(received.indexOf("DKIM-Signature:"));
        send(Peers.SMTP, signed.replace("\n", "\r\n"), StandardCharsets.ISO_8859_1, 9);
        return Peers.awaitMessage(Peers.maildir(9), "Subject: " + subject);
    }

    @ParameterizedTest
    @ValueSource(ints = {SUBMISSION_OURS, SUBMISSION_OURS_2, Peers.SUBMISSION})
    void whatWeSignVerifiesAsWhatOpenDkimSigns(int port) throws Exception {
        String subject = "milter-signs-" + port;
        submit(port, HEADER, subject, BODY);
        String signed = awaited(subject);
        assertThat(signed.split("DKIM-Signature: ", -1)).hasSize(2);
        assertThat(signed).contains("d=peer.test; s=s1;");
        assertThat(Dkimpy.signatures(signed)).isEqualTo("rsa-sha256 pass\n");
        assertThat(openDkim(signed, subject)).contains("dkim=pass").doesNotContain("dkim=fail");
        assertThat(Dkimpy.signatures(signed.replace("leading dot", "heading dot")))
                .isEqualTo("rsa-sha256 fail\n");
        assertThat(Dkimpy.signatures(signed.replace("User, One", "User, Two"))).isEqualTo("rsa-sha256 fail\n");
    }

    @Test
    void ourSignatureStandsBelowPostfixsOwnReceivedAsOpenDkims() throws Exception {
        submit(SUBMISSION_OURS, HEADER, "milter-place", BODY);
        submit(Peers.SUBMISSION, HEADER, "milter-place-opendkim", BODY);
        for (String subject : List.of("milter-place", "milter-place-opendkim")) {
            String received = awaited(subject);
            // The upper Received is that of the delivery by LMTP.
            assertThat(received.indexOf("DKIM-Signature:"))
                    .isGreaterThan(received.lastIndexOf("Received:", received.indexOf("From:")));
        }
        Eventually.get(
                "our line", posthorn::log, log -> log.contains("dkim-sign domain=peer.test origin=authenticated"));
    }

    @Test
    void bothKeysOfADomainSignAndLargeBodiesDo() throws Exception {
        String header = "From: alice@posthorn.test\r\nTo: user8@peer.test\r\n";
        submit(SUBMISSION_OURS, header, "milter-two-keys", "0123456789abcdef\r\n".repeat(30_000));
        assertThat(Dkimpy.signatures(awaited("milter-two-keys"))).isEqualTo("rsa-sha256 pass\ned25519-sha256 pass\n");
    }

    @Test
    void leavesMailOfStrangersAndOfDomainsWithoutKeyAlone() throws Exception {
        submit(SUBMISSION_OURS, "From: user1@plain.test\r\n", "milter-no-key", "text\r\n");
        assertThat(awaited("milter-no-key")).doesNotContain("DKIM-Signature");
        String message = HEADER + "Subject: milter-stranger\r\n\r\n" + BODY;
        send(MX_OURS, message, StandardCharsets.UTF_8, 8);
        assertThat(awaited("milter-stranger")).doesNotContain("DKIM-Signature");
    }

    @Test
    void verifiesAsOpenDkimDoes() throws Exception {
        submit(Peers.SUBMISSION, HEADER, "milter-verify", BODY);
        String received = awaited("milter-verify");
        String good = received.substring(received.indexOf("DKIM-Signature:")).replace("\n", "\r\n");
        String unsigned = HEADER + "Subject: milter-verify\r\n\r\n" + BODY;
        assertThat(judgedByBoth(good, "good")).isEqualTo("pass");
        assertThat(judgedByBoth(good.replace("leading dot", "heading dot"), "broken"))
                .isEqualTo("fail");
        assertThat(judgedByBoth(unsigned, "unsigned")).isEqualTo("none");
    }

    /** The result of DKIM that OpenDKIM and we write for a message, which must be the same; the subject is signed, so a field marks it. */
    private static String judgedByBoth(String message, String mark) throws Exception {
        String forged = "Authentication-Results: mx.posthorn.test; dkim=pass header.d=bank.test\r\n";
        send(Peers.SMTP, "X-Mark: theirs-" + mark + "\r\n" + message, StandardCharsets.ISO_8859_1, 10);
        send(MX_OURS, "X-Mark: ours-" + mark + "\r\n" + forged + message, StandardCharsets.ISO_8859_1, 10);
        String theirs = Peers.awaitMessage(Peers.maildir(10), "X-Mark: theirs-" + mark);
        String ours = Peers.awaitMessage(Peers.maildir(10), "X-Mark: ours-" + mark);
        assertThat(ours).contains("Authentication-Results: mx.posthorn.test;").doesNotContain("bank.test");
        assertThat(dkimResult(ours)).as(theirs).isEqualTo(dkimResult(theirs));
        return dkimResult(ours);
    }

    private static String dkimResult(String message) {
        Matcher result = Pattern.compile("\\bdkim=([a-z]+)").matcher(message);
        assertThat(result.find()).as(message).isTrue();
        return result.group(1);
    }

    @Test
    void refusesNothingUnlessToldTo() throws Exception {
        for (String domain : List.of("reject.test", "quarantine.test")) {
            String mark = "milter-not-enforced-" + domain + "-" + System.nanoTime();
            String message = "From: a@" + domain + "\r\nSubject: " + mark + "\r\n\r\ntext\r\n";
            assertThat(SmtpDialog.send(MX_OURS, "a@" + domain, "user10@peer.test", message))
                    .startsWith("250 ");
            assertThat(Peers.awaitMessage(Peers.maildir(10), mark)).contains("dmarc=fail header.from=" + domain);
        }
    }

    @Test
    void isDrivenByMiltertest() {
        Tool.require("miltertest");
        Tool.run(
                        "miltertest",
                        "-D",
                        "port=" + OUR_MILTER,
                        "-s",
                        Repository.root().resolve("interop/peers/milter.lua").toString())
                .succeeded();
    }
}
