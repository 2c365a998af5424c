package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The mail programs that people use: curl, swaks, msmtp, fetchmail, mutt, and Python's imaplib and poplib. */
@ExtendWith(Peers.class)
class ClientsTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        posthorn = PosthornServer.start(dir.resolve("posthorn"));
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    private static Tool curl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sS", "--cacert", posthorn.ca().toString()));
        command.addAll(List.of(arguments));
        return Tool.run(command);
    }

    private static void send(String user, String subject) {
        byte[] message = ("From: alice@posthorn.test\r\nTo: " + user + "\r\nSubject: " + subject + "\r\n\r\nhello\r\n")
                .getBytes(StandardCharsets.UTF_8);
        posthorn.submit(List.of(user), message).succeeded();
    }

    @Test
    void curlReadsOverImapAndPop3InEveryKindOfTls() throws Exception {
        send("user1@posthorn.test", "for-curl");
        Peers.awaitMessage(posthorn.maildir("user1"), "for-curl");
        String login = "user1@posthorn.test:secret-1";
        for (String url : List.of(
                "imaps://localhost:" + PosthornServer.IMAPS + "/INBOX;MAILINDEX=1",
                "pop3s://localhost:" + PosthornServer.POP3S + "/1")) {
            assertThat(curl("--user", login, url).succeeded().output()).as(url).contains("Subject: for-curl");
        }
        for (String url : List.of(
                "imap://localhost:" + PosthornServer.IMAP + "/INBOX;MAILINDEX=1",
                "pop3://localhost:" + PosthornServer.POP3 + "/1")) {
            assertThat(curl("--ssl-reqd", "--user", login, url).succeeded().output())
                    .as(url)
                    .contains("Subject: for-curl");
        }
    }

    @Test
    void curlLogsInByEveryMechanism() {
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            Tool listing = curl(
                    "--login-options",
                    "AUTH=" + mechanism,
                    "--user",
                    "user2@posthorn.test:secret-2",
                    "imaps://localhost:" + PosthornServer.IMAPS + "/");
            assertThat(listing.succeeded().output()).as(mechanism).contains("INBOX");
        }
    }

    @Test
    void aWrongPasswordIsRefusedEverywhere() {
        for (String url : List.of(
                "imaps://localhost:" + PosthornServer.IMAPS + "/", "pop3s://localhost:" + PosthornServer.POP3S + "/")) {
            assertThat(curl("--user", "user2@posthorn.test:wrong", url).exit())
                    .as(url)
                    .isEqualTo(67);
        }
    }

    @Test
    void swaksSubmitsByEveryMechanismThatItKnows() throws Exception {
        Tool.require("swaks");
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            for (List<String> how : List.of(
                    List.of("localhost:" + PosthornServer.SUBMISSION, "--tls"),
                    List.of("localhost:" + PosthornServer.SUBMISSIONS, "--tls-on-connect"))) {
                Tool sent = Tool.run(
                        "swaks",
                        "--server",
                        how.get(0),
                        how.get(1),
                        "--auth",
                        mechanism,
                        "--auth-user",
                        "user3@posthorn.test",
                        "--auth-password",
                        "secret-3",
                        "--from",
                        "user3@posthorn.test",
                        "--to",
                        "bob@posthorn.test",
                        "--header",
                        "Subject: swaks-" + mechanism);
                assertThat(sent.succeeded().output()).contains("<~  235").contains("<~  250 2.0.0");
            }
        }
        Peers.awaitMessage(posthorn.maildir("bob"), "swaks-LOGIN");
    }

    @Test
    void msmtpSubmitsWithScram() throws Exception {
        Tool.require("msmtp");
        Path config = dir.resolve("msmtprc");
        Files.writeString(config, """
                account default
                host localhost
                port %d
                tls on
                tls_starttls on
                tls_trust_file %s
                auth scram-sha-256
                user user4@posthorn.test
                password secret-4
                from user4@posthorn.test
                """.formatted(PosthornServer.SUBMISSION, posthorn.ca()));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        byte[] message = "From: user4@posthorn.test\nTo: bob@posthorn.test\nSubject: from-msmtp\n\nhello\n"
                .getBytes(StandardCharsets.US_ASCII);
        Tool.run(Map.of(), message, List.of("msmtp", "-C", config.toString(), "bob@posthorn.test"))
                .succeeded();
        Peers.awaitMessage(posthorn.maildir("bob"), "from-msmtp");
    }

    @Test
    void fetchmailFetchesOverPop3AndImapAndDeletes() throws Exception {
        Tool.require("fetchmail");
        for (String protocol : List.of("POP3", "IMAP")) {
            String user = protocol.equals("POP3") ? "user5" : "user6";
            String password = protocol.equals("POP3") ? "secret-5" : "secret-6";
            send(user + "@posthorn.test", "for-fetchmail-1");
            send(user + "@posthorn.test", "for-fetchmail-2");
            Eventually.get(
                    "two messages", () -> Peers.messages(posthorn.maildir(user)).size(), n -> n == 2);
            Path mbox = dir.resolve(user + ".mbox");
            Path config = dir.resolve("fetchmailrc-" + user);
            int port = protocol.equals("POP3") ? PosthornServer.POP3S : PosthornServer.IMAPS;
            Files.writeString(config, """
                    poll localhost protocol %s service %d
                      user "%s@posthorn.test" password "%s" ssl sslcertck sslcertfile "%s"
                      mda "cat >> %s"
                    """.formatted(protocol, port, user, password, posthorn.ca(), mbox));
            Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
            Tool.run(
                            "fetchmail",
                            "-f",
                            config.toString(),
                            "--nodetach",
                            "-v",
                            "--pidfile",
                            dir.resolve("fm.pid").toString())
                    .succeeded();
            assertThat(Files.readString(mbox)).contains("for-fetchmail-1").contains("for-fetchmail-2");
            Eventually.get(
                    "an empty mailbox",
                    () -> Peers.messages(posthorn.maildir(user)).size(),
                    n -> n == 0);
        }
    }

    @Test
    void muttOpensTheInbox() throws Exception {
        Tool.require("mutt");
        send("user7@posthorn.test", "for-mutt");
        Peers.awaitMessage(posthorn.maildir("user7"), "for-mutt");
        Path config = dir.resolve("muttrc");
        Path copy = dir.resolve("mutt-copy");
        Files.writeString(config, """
                set ssl_force_tls=yes
                set certificate_file="%s"
                set ssl_verify_dates=no
                set ssl_verify_host=no
                set folder="imaps://user7%%40posthorn.test:secret-7@localhost:%d/"
                set spoolfile="+INBOX"
                set confirmcreate=no confirmappend=no delete=yes move=no mbox_type=mbox
                push "<copy-message>%s<enter><quit>"
                """.formatted(posthorn.ca(), PosthornServer.IMAPS, copy));
        // Not script(1): without a standard input it types an end-of-file at a moment of its choice, and may never end.
        Tool.run(
                        Map.of("TERM", "xterm", "HOME", dir.toString()),
                        new byte[0],
                        List.of(
                                "/usr/bin/python3",
                                Repository.root()
                                        .resolve("interop/peers/in-terminal.py")
                                        .toString(),
                                "60",
                                "mutt",
                                "-F",
                                config.toString()))
                .succeeded();
        assertThat(Files.readString(copy)).contains("Subject: for-mutt");
    }

    @Test
    void pythonsLibrariesReadWriteAndDelete() throws Exception {
        Tool.require("python3");
        Tool talk = Tool.run(
                "/usr/bin/python3",
                Repository.root().resolve("interop/peers/python-clients.py").toString(),
                posthorn.ca().toString(),
                String.valueOf(PosthornServer.IMAP),
                String.valueOf(PosthornServer.POP3),
                "user8@posthorn.test",
                "secret-8");
        assertThat(talk.succeeded().output()).endsWith("all well\n");
    }

    @Test
    void healthAndMetricsAnswer() {
        String base = "http://localhost:" + PosthornServer.HTTP;
        assertThat(Tool.run("curl", "-sS", base + "/healthz").succeeded().output())
                .isEqualTo("ok\n");
        assertThat(Tool.run("curl", "-sS", base + "/metrics").succeeded().output())
                .contains("# TYPE ")
                .containsPattern("(?m)^posthorn_[a-z_]+(\\{[^}]*\\})? [0-9]");
    }
}
