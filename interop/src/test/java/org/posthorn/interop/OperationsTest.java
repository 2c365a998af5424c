package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator does: reload, look after the queue, change accounts, stop and start. */
@ExtendWith(Peers.class)
class OperationsTest {
    private static final int SILENCE_MILLIS = 60_000;

    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        // Nobody listens there: mail for it waits in the queue.
        posthorn = PosthornServer.start(dir.resolve("posthorn"), "--route", "dead.test=127.0.0.1:9");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    private static Tool submit(String recipient) {
        byte[] message = ("From: alice@posthorn.test\r\nTo: " + recipient + "\r\nSubject: operations\r\n\r\nhello\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return posthorn.submit(List.of(recipient), message);
    }

    @Test
    void reloadChangesTheCertificateAndDropsNoSession() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), PosthornServer.IMAP)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            say(socket, in, "a LOGIN alice@posthorn.test " + PosthornServer.PASSWORD);
            String before = fingerprint();
            Path tls = posthorn.dir().resolve("tls");
            Tool.run(
                            "sh",
                            "-c",
                            "cd " + tls
                                    + " && openssl req -new -key key.pem -subj /CN=renewed -addext subjectAltName=DNS:localhost -out r.csr 2>/dev/null"
                                    + " && openssl x509 -req -in r.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -copy_extensions copy"
                                    + " -out cert.pem 2>/dev/null")
                    .succeeded();
            Files.writeString(
                    posthorn.config(), Files.readString(posthorn.config()) + "smtp.max-message-size = \"1 MiB\"\n");
            assertThat(posthorn.command("reload").succeeded().output()).contains("reloaded");
            assertThat(fingerprint()).isNotEqualTo(before);
            assertThat(greetingOf(PosthornServer.SMTP)).contains("SIZE 1048576");
            assertThat(say(socket, in, "b NOOP")).startsWith("b OK");
        }
    }

    private static Tool curl(String path, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "--unix-socket",
                posthorn.dir().resolve("admin.sock").toString(),
                "http://localhost" + path));
        words.addAll(List.of(options));
        return Tool.run(words.toArray(String[]::new)).succeeded();
    }

    @Test
    void curlAdministersThroughTheUnixSocket() throws Exception {
        submit("curl@dead.test").succeeded();
        Matcher id = Pattern.compile("\"id\":\"([0-9A-Z]+)\"")
                .matcher(curl("/v1/queue?filter=curl@dead").output());
        assertThat(id.find()).isTrue();
        String change = "{\"change\":\"hold\",\"ids\":[\"" + id.group(1) + "\"]}";
        assertThat(curl("/v1/queue/changes", "--json", change).output()).contains("{\"count\":1,\"absent\":[]}");
        assertThat(curl("/v1/queue/" + id.group(1)).output()).contains("\"state\":\"held\"", "Subject: operations");
        assertThat(curl("/v1/queue/changes", "--json", change.replace("hold", "delete"))
                        .output())
                .contains("{\"count\":1,");
        assertThat(curl("/v1/queue/" + id.group(1), "-i").output())
                .contains("HTTP/1.1 404 ", "application/problem+json", "no message " + id.group(1) + " in the queue");
        assertThat(curl("/metrics").output()).contains("posthorn_queue_active");
    }

    private static String fingerprint() {
        return Tool.run(
                        "sh",
                        "-c",
                        "openssl s_client -connect 127.0.0.1:" + PosthornServer.IMAPS
                                + " </dev/null 2>/dev/null | openssl x509 -noout -fingerprint")
                .succeeded()
                .output();
    }

    private static String greetingOf(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            socket.getOutputStream().write("EHLO test\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder reply = new StringBuilder();
            String line = in.readLine();
            while (line.startsWith("250-")) {
                reply.append(line).append('\n');
                line = in.readLine();
            }
            return reply.append(line).toString();
        }
    }

    /** Sends an IMAP command and returns its tagged response. */
    private static String say(Socket socket, BufferedReader in, String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line.startsWith("*")) {
            line = in.readLine();
        }
        return line;
    }

    @Test
    void theQueueIsListedHeldReleasedRetriedAndDeleted() throws Exception {
        submit("somebody@dead.test").succeeded();
        String listed = Eventually.get(
                "the message in the queue",
                () -> posthorn.command("queue", "list", "dead.test").succeeded().output(),
                output -> output.contains("deferred"));
        String id = listed.lines().skip(1).findFirst().orElseThrow().replaceAll(" .*", "");
        assertThat(posthorn.command("queue", "show", id).succeeded().output())
                .contains("somebody@dead.test")
                .contains("Subject: operations");
        posthorn.command("queue", "hold", id).succeeded();
        assertThat(posthorn.command("queue", "list", "held").output()).contains(id);
        posthorn.command("queue", "release", id).succeeded();
        posthorn.command("queue", "retry", id).succeeded();
        posthorn.command("queue", "flush").succeeded();
        posthorn.command("queue", "delete", id).succeeded();
        assertThat(posthorn.command("queue", "show", id).exit()).isEqualTo(1);
    }

    @Test
    void accountsAndAliasesChangeWhileItRuns() throws Exception {
        posthorn.commandWithInput("first-password\n", "account", "add", "--password-stdin", "carol@posthorn.test")
                .succeeded();
        posthorn.command("alias", "add", "sales@posthorn.test", "carol@posthorn.test")
                .succeeded();
        submit("sales@posthorn.test").succeeded();
        Peers.awaitMessage(posthorn.maildir("carol"), "Subject: operations");
        posthorn.commandWithInput("second-password\n", "account", "password", "--password-stdin", "carol@posthorn.test")
                .succeeded();
        String url = "imaps://localhost:" + PosthornServer.IMAPS + "/";
        assertThat(Tool.run("curl", "-sSk", "--user", "carol@posthorn.test:first-password", url)
                        .exit())
                .isEqualTo(67);
        Tool.run("curl", "-sSk", "--user", "carol@posthorn.test:second-password", url)
                .succeeded();
        assertThat(posthorn.command("account", "list").output()).contains("carol@posthorn.test");
        assertThat(posthorn.command("domain", "list").output()).contains("posthorn.test");
        assertThat(posthorn.command("domain", "add", "not a domain").exit()).isEqualTo(1);
    }

    @Test
    void aSecondServerOnTheSameDataIsRefused() {
        Tool second = Tool.run(
                Repository.root().resolve("posthorn").toString(),
                "serve",
                "-c",
                posthorn.config().toString());
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.output()).contains("another posthorn is running on");
    }

    @Test
    void mistakesAreToldInOneLine() throws Exception {
        Path config = Files.writeString(dir.resolve("wrong.toml"), "server.hostnam = \"mx.example.org\"\n");
        Tool wrong =
                Tool.run(Repository.root().resolve("posthorn").toString(), "check-config", "-c", config.toString());
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.output()).contains("wrong.toml:1: server.hostnam: unknown key; did you mean \"hostname\"?");
        Tool unknown = Tool.run(Repository.root().resolve("posthorn").toString(), "queu");
        assertThat(unknown.exit()).isEqualTo(2);
    }
}
