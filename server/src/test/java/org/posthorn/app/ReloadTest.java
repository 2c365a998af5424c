package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.admin.AdminException;
import org.posthorn.certificates.CertificateFiles;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.config.ConfigException;
import org.posthorn.server.Port;
import org.posthorn.server.http.HttpServer;

/** A whole server whose configuration changes: a reload does all of it, or nothing and says why. */
class ReloadTest {
    @TempDir
    Path dir;

    private int http;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        http = freePort();
        configure("64 KiB", "");
        server = Server.start(config(), Configuration.read(config()));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Path config() {
        return dir.resolve("posthorn.toml");
    }

    private void configure(String size, String more) throws IOException {
        StringBuilder toml = new StringBuilder("server.hostname = \"mx.posthorn.test\"\nserver.data = \"" + dir
                + "/data\"\nlog.file = \"" + dir + "/mail.log\"\nsmtp.max-message-size = \"" + size + "\"\n");
        toml.append("listen.smtp = \"127.0.0.1:0\"\nlisten.http = \"127.0.0.1:" + http + "\"\n");
        for (Port service : Protocols.ports(Protocols.ALL)) {
            if (!service.name().equals("smtp")
                    && !service.equals(HttpServer.PORT)
                    && !more.contains("listen." + service + " ")) {
                toml.append("listen." + service + " = []\n");
            }
        }
        Files.writeString(config(), toml + more);
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private Socket connect() throws IOException {
        Socket client =
                new Socket(InetAddress.getLoopbackAddress(), server.ports().number("smtp"));
        client.setSoTimeout(20_000);
        return client;
    }

    private String ehlo() throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write("EHLO c.test\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String reload() {
        try {
            return String.join(
                    "; ",
                    Stream.concat(Stream.of("reloaded"), server.reload().stream())
                            .toList());
        } catch (AdminException e) {
            return e.text();
        }
    }

    private String log() throws IOException {
        return Files.readString(dir.resolve("mail.log"));
    }

    private String health() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/healthz"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }

    private CertificateFiles certificate(String folder, Instant made, String name) {
        return new OwnAuthority(dir.resolve(folder), InstantSource.fixed(made)).certificateFor(List.of(name));
    }

    private static String tls(CertificateFiles files) {
        return "tls.certificate = \"" + files.chain() + "\"\ntls.key = \"" + files.key() + "\"\n";
    }

    /** RFC 5321 4.5.1; its name is no domain of ours here, and changes with a reload. */
    @Test
    void takesMailForThePostmasterOfItsName() throws Exception {
        server.close();
        new LocalProgram().populate(config(), "posthorn.test", Map.of("alice@posthorn.test", "secret-12345"));
        server = Server.start(config(), Configuration.read(config()));
        assertThat(rcpt("postmaster@mx.posthorn.test")).contains("250 2.1.5 Ok");
        assertThat(rcpt("postmaster@mx2.posthorn.test")).contains("554 5.7.1 ");
        Files.writeString(config(), Files.readString(config()).replace("\"mx.", "\"mx2."));
        assertThat(reload()).startsWith("reloaded");
        assertThat(rcpt("postmaster@mx2.posthorn.test")).contains("250 2.1.5 Ok");
    }

    private String rcpt(String recipient) throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write(("EHLO c.test\r\nMAIL FROM:<>\r\nRCPT TO:<" + recipient + ">\r\nQUIT\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void saysWhichOfItsLoopsHasDied() throws Exception {
        assertThat(health()).doesNotContain("has died");
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("mailbox-upkeep"))
                .forEach(Thread::interrupt);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!health().contains("the mailboxes' upkeep has died: changes of other programs are not seen")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(health()).startsWith("503 ");
    }

    @Test
    void appliesAllOfAChange() throws Exception {
        configure("128 KiB", "listen.imap = \"127.0.0.1:0\"\n");
        assertThat(reload())
                .as("the Maildir's own limit is read at a start")
                .isEqualTo("reloaded; at the next start only: [mailbox]");
        assertThat(ehlo()).contains("SIZE 131072");
        assertThat(server.ports().number("imap")).isPositive();
    }

    @Test
    void changesNothingWhereAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure(
                    "128 KiB",
                    "listen.imap = \"127.0.0.1:0\"\nlisten.pop3 = \"127.0.0.1:" + taken.getLocalPort() + "\"\n");
            assertThat(reload())
                    .contains("nothing changed: cannot listen on")
                    .contains("for pop3: Address already in use");
        }
        assertThat(ehlo()).contains("SIZE 65536");
        assertThat(server.ports().number("imap")).as("not listened on").isZero();
        server.close();
        assertThat(log()).contains("reload-failed reason=").contains("Address already in use");
    }

    @Test
    void changesNothingWhereAKeyOrTheFileItselfIsWrong() throws Exception {
        CertificateFiles one = certificate("one", Instant.now(), "mx.posthorn.test");
        CertificateFiles two = certificate("two", Instant.now(), "mx.posthorn.test");
        configure("128 KiB", tls(new CertificateFiles(one.chain(), two.key())));
        assertThat(reload()).contains("nothing changed: tls: ").contains("is not the key of");
        configure("128 KiB", "dkim.\"posthorn.test\".s1 = \"" + dir + "/none.pem\"\n");
        assertThat(reload()).contains("nothing changed: ").contains("none.pem cannot be read");
        configure("1 KiB", "");
        assertThat(reload()).contains("nothing changed: ").contains("smtp.max-message-size");
        assertThat(ehlo()).contains("SIZE 65536");
    }

    @Test
    void takesOtherCertificateFilesAndNamesWhatIsWrongWithThem() throws Exception {
        assertThat(health()).doesNotContain("certificate");
        CertificateFiles old = certificate("old", Instant.now().minus(Duration.ofDays(500)), "mx.posthorn.test");
        configure("128 KiB", tls(old));
        assertThat(reload()).contains("reloaded; ").contains("cert.pem: the certificate expired at");
        assertThat(ehlo()).as("mail goes on").contains("SIZE 131072");
        assertThat(health()).startsWith("503 ").contains("cert.pem: the certificate expired at");
        configure("128 KiB", tls(certificate("other", Instant.now(), "other.test")));
        assertThat(reload()).contains("is not for mx.posthorn.test but for other.test");
        assertThat(health()).startsWith("503 ").contains("is not for mx.posthorn.test but for other.test");
        assertThat(CertificateCheck.faults(Configuration.read(config()), Instant.now()))
                .hasSize(1);
        server.close();
        assertThat(log()).contains("certificate fault=");
    }

    @Test
    void limitsOfConnectionsApplyAtOnce() throws Exception {
        configure("64 KiB", "listen.max-connections = 10\n");
        assertThat(reload()).isEqualTo("reloaded");
        Socket[] open = new Socket[10];
        for (int i = 0; i < open.length; i++) {
            open[i] = connect();
            assertThat(open[i].getInputStream().read()).isEqualTo('2');
        }
        try (Socket more = connect()) {
            assertThat(more.getInputStream().read()).as("421 to the eleventh").isEqualTo('4');
        }
        configure("64 KiB", "listen.max-connections = 11\n");
        assertThat(reload()).isEqualTo("reloaded");
        try (Socket more = connect()) {
            assertThat(more.getInputStream().read()).isEqualTo('2');
        }
        for (Socket connection : open) {
            connection.close();
        }
    }

    @Test
    void whatIsNotOnThisMachineIsNamedOnceWithItsLine() throws Exception {
        Path file = Files.writeString(dir.resolve("wrong.toml"), """
                server.hostname = "mx_1.posthorn.test"
                smtp.max-message-size = "50 MB"
                listen.smtp = "no-such-host.invalid"
                listen.imap = "192.0.2.1:2143"
                listen.submission = "127.0.0.1:5525"
                listen.pop3 = "*:5525"
                dkim."x.test".s1 = "/nonexistent.pem"
                """);
        ConfigException wrong =
                catchThrowableOfType(ConfigException.class, () -> ConfigurationCheck.read(file, Protocols.ALL));
        assertThat(wrong.complaints())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains(":1: server.hostname: \"mx_1.posthorn.test\" is not a host name"),
                        line -> assertThat(line).contains(":2: smtp.max-message-size: \"50 MB\" is not a size"),
                        line -> assertThat(line).contains(":3: listen.smtp: \"no-such-host.invalid\" does not resolve"),
                        line -> assertThat(line)
                                .contains(":4: listen.imap: 192.0.2.1 is not an address of this machine"),
                        line -> assertThat(line)
                                .contains(":6: listen.pop3: port 5525 is that of listen.submission too"),
                        line -> assertThat(line)
                                .contains(
                                        ":7: dkim.\"x.test\".s1: the key /nonexistent.pem cannot be read: No such file"));
    }
}
