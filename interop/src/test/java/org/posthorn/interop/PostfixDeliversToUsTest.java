package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mail submitted to the real Postfix for our domain arrives in our Maildirs. */
@ExtendWith(Peers.class)
class PostfixDeliversToUsTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        Tool.require("swaks");
        posthorn = PosthornServer.configured(dir.resolve("posthorn"), "smtp.max-message-size=\"100 MiB\"");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    /** Submits to Postfix as user1@peer.test. */
    private static void submit(List<String> recipients, byte[] message) {
        submit(recipients, message, List.of());
    }

    private static void submit(List<String> recipients, byte[] message, List<String> options) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--ssl-reqd", "-k"));
        command.addAll(List.of("--url", "smtp://127.0.0.1:" + Peers.SUBMISSION, "--user", "user1@peer.test:secret-1"));
        command.addAll(List.of("--mail-from", "user1@peer.test", "--upload-file", "-"));
        recipients.forEach(recipient -> command.addAll(List.of("--mail-rcpt", recipient)));
        command.addAll(options);
        Tool.run(Map.of(), message, command).succeeded();
    }

    private static byte[] message(String subject, String body) {
        return ("From: user1@peer.test\r\nTo: somebody@posthorn.test\r\nSubject: " + subject + "\r\n\r\n" + body
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void overTlsWithItsSignature() throws Exception {
        submit(List.of("alice@posthorn.test"), message("over-tls", "hello"));
        String received = Peers.awaitMessage(posthorn.maildir("alice"), "over-tls");
        assertThat(received)
                .startsWith("Return-Path: <user1@peer.test>\r\n")
                .contains("Delivered-To: alice@posthorn.test\r\n")
                .contains("DKIM-Signature: ")
                .containsPattern(
                        "Received: from mx\\.peer\\.test [^;]*with ESMTPS id [0-9A-Z]+[^;]*tls TLS_[A-Z0-9_]+ \\(TLSv1\\.3\\)");
        Eventually.get(
                "a line in Postfix's log",
                Peers::log,
                log -> log.contains("TLS connection established to 127.0.0.1[127.0.0.1]:2525"));
    }

    @Test
    void eightBitAsItWas() throws Exception {
        submit(List.of("alice@posthorn.test"), message("eight-bit", "Grüße, žluťoučký kůň, 你好 "));
        String received = Peers.awaitMessage(posthorn.maildir("alice"), "eight-bit");
        assertThat(new String(received.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .contains("Grüße, žluťoučký kůň, 你好 \r\n");
    }

    @Test
    void toAnAddressOutsideAscii() throws Exception {
        posthorn.commandWithInput("geheim-1\n", "account", "add", "--password-stdin", "jürgen@posthorn.test")
                .succeeded();
        Tool.run(
                        "/usr/bin/python3",
                        Repository.root()
                                .resolve("interop/peers/smtputf8-send.py")
                                .toString(),
                        String.valueOf(Peers.SUBMISSION),
                        "user1@peer.test",
                        "secret-1",
                        "jürgen@posthorn.test",
                        "utf8-address")
                .succeeded();
        assertThat(Peers.awaitMessage(posthorn.maildir("j%c3%bcrgen"), "utf8-address"))
                .contains("with UTF8SMTPS id ");
    }

    @Test
    void fiftyMegabytesByteForByte() throws Exception {
        byte[] random = new byte[37 * 1000 * 1000];
        new Random(5).nextBytes(random);
        String body = Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(random);
        submit(List.of("bob@posthorn.test"), message("fifty-megabytes", body));
        Peers.flushQueue();
        assertThat(Peers.awaitMessage(posthorn.maildir("bob"), "fifty-megabytes"))
                .endsWith("\r\n\r\n" + body + "\r\n");
    }

    @Test
    void toAThousandRecipients() throws Exception {
        List<String> words = new ArrayList<>(List.of("alias", "add"));
        words.add("@posthorn.test");
        words.add("user7@posthorn.test");
        posthorn.command(words.toArray(String[]::new)).succeeded();
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            recipients.add("reader" + i + "@posthorn.test");
        }
        submit(recipients, message("thousand-recipients", "to many"));
        Peers.flushQueue();
        Eventually.get("delivery to all", () -> deliveries("reader"), count -> count >= 1000);
        assertThat(deliveries("reader")).isEqualTo(1000);
        posthorn.command("alias", "remove", "@posthorn.test").succeeded();
    }

    /** Recipients whose delivery Postfix's log reports as sent to us. */
    private static long deliveries(String prefix) throws IOException {
        return Peers.log()
                .lines()
                .filter(line -> line.contains("to=<" + prefix) && line.contains("status=sent"))
                .map(line -> line.replaceAll(".*to=<([^>]*)>.*", "$1"))
                .distinct()
                .count();
    }

    @Test
    void anUnknownUserIsRefusedAtRcpt() throws Exception {
        submit(List.of("nobody@posthorn.test"), message("unknown-user", "?"));
        Peers.flushQueue();
        String bounce = Peers.awaitMessage(Peers.maildir(1), "nobody@posthorn.test");
        assertThat(bounce).contains("5.1.1").contains("550");
        assertThat(Files.exists(posthorn.maildir("nobody"))).isFalse();
    }
}
