package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Postfix stays in front and delivers into our mailboxes by LMTP. */
@ExtendWith(Peers.class)
class PostfixDeliversByLmtpTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        posthorn = PosthornServer.configured(
                dir.resolve("posthorn"),
                "listen.lmtp=[\"127.0.0.1:2524\", \"unix:" + Peers.DIR.resolve("run/posthorn-lmtp") + "\"]",
                "listen.socket-mode=\"0666\"");
        for (String domain : List.of("lmtp-tcp.test", "lmtp-unix.test")) {
            posthorn.command("domain", "add", domain).succeeded();
            for (String user : List.of("alice", "bob")) {
                posthorn.commandWithInput("geheim-1\n", "account", "add", "--password-stdin", user + "@" + domain)
                        .succeeded();
            }
        }
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    /** Submits to Postfix as user1@peer.test. */
    private static void submit(List<String> recipients, String header, String body) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--ssl-reqd", "-k"));
        command.addAll(List.of("--url", "smtp://127.0.0.1:" + Peers.SUBMISSION, "--user", "user1@peer.test:secret-1"));
        command.addAll(List.of("--mail-from", "user1@peer.test", "--upload-file", "-"));
        recipients.forEach(recipient -> command.addAll(List.of("--mail-rcpt", recipient)));
        byte[] message =
                ("From: user1@peer.test\r\n" + header + "\r\n" + body + "\r\n").getBytes(StandardCharsets.UTF_8);
        Tool.run(Map.of(), message, command).succeeded();
        Peers.flushQueue();
    }

    private static Path maildir(String user, String domain) {
        return Objects.requireNonNull(posthorn.maildir("alice").getParent())
                .resolveSibling(user + "@" + domain)
                .resolve("Maildir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lmtp-tcp.test", "lmtp-unix.test"})
    void eachRecipientHasAnOutcomeOfItsOwn(String domain) throws Exception {
        submit(
                List.of("alice@" + domain, "nobody@" + domain, "bob@" + domain),
                "Subject: by-lmtp " + domain + "\r\nAuthentication-Results: mx.posthorn.test; spf=pass\r\n",
                "hello ü");
        for (String user : List.of("alice", "bob")) {
            String received = Peers.awaitMessage(maildir(user, domain), "by-lmtp " + domain);
            assertThat(received)
                    .startsWith("Return-Path: <user1@peer.test>\r\n")
                    .contains("Delivered-To: " + user + "@" + domain + "\r\n")
                    .containsPattern("with LMTP id [0-9A-Z]+");
        }
        String bounce = Peers.awaitMessage(Peers.maildir(1), "nobody@" + domain);
        assertThat(bounce).contains("550").contains("5.1.1");
        assertThat(Eventually.get("Postfix's log of bob", Peers::log, log -> log.contains("to=<bob@" + domain + ">")))
                .containsPattern("to=<bob@" + domain + ">.*dsn=2.0.0, status=sent \\(250 2.0.0 Ok: queued as");
    }

    /** A loop is the affair of the one who has had the message: the other gets it, and Postfix tells of the one. */
    @Test
    void whoHasHadTheMessageIsRefusedAlone() throws Exception {
        submit(
                List.of("alice@lmtp-tcp.test", "bob@lmtp-tcp.test"),
                "Delivered-To: alice@lmtp-tcp.test\r\nSubject: had-by-alice\r\n",
                "hello");
        Peers.awaitMessage(maildir("bob", "lmtp-tcp.test"), "had-by-alice");
        assertThat(Eventually.get(
                        "Postfix's log of alice", Peers::log, log -> log.contains("554 5.4.6 Mail forwarding loop")))
                .containsPattern("to=<alice@lmtp-tcp.test>.*dsn=5.4.6, status=bounced");
        assertThat(Peers.find(maildir("alice", "lmtp-tcp.test"), "had-by-alice"))
                .isEmpty();
    }
}
