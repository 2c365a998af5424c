package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthorn.admin.AdminException;
import org.posthorn.certificates.CertificateFiles;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.certificates.TrustedAuthorities;
import org.posthorn.server.Port;

/** A reload that fails, whatever it fails of, leaves all of the old in service, on the disk too; and what no reload changes. */
class FailingReloadTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path dir;

    private Server server;
    private ServerSocket taken;

    @BeforeEach
    void start() throws Exception {
        taken = new ServerSocket(0, 1, LOOPBACK);
        configure("mx.posthorn.test", "");
        new LocalProgram().populate(config(), "posthorn.test", Map.of("alice@posthorn.test", "secret-12345"));
        server = Server.start(config(), Configuration.read(config()));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        taken.close();
    }

    private Path config() {
        return dir.resolve("posthorn.toml");
    }

    private void configure(String hostname, String more) throws IOException {
        StringBuilder toml = new StringBuilder("server.hostname = \"" + hostname + "\"\n");
        toml.append(more.contains("server.data") ? "" : "server.data = \"" + dir + "/data\"\n");
        toml.append("log.file = \"" + dir + "/mail.log\"\npop3.plaintext-login = true\n");
        List<String> served = List.of("smtp", "imaps", "pop3", "http");
        for (Port port : Protocols.ports(Protocols.ALL)) {
            if (!more.contains("listen." + port + " ")) {
                toml.append("listen." + port + (served.contains(port.name()) ? " = \"127.0.0.1:0\"\n" : " = []\n"));
            }
        }
        Files.writeString(config(), toml + more);
    }

    /** What a reload can fail of; each comes with changes that could be made. */
    enum Failure {
        PORT_TAKEN(
                "listen.imap = \"127.0.0.1:0\"\nlisten.submission = \"127.0.0.1:TAKEN\"\n", "Address already in use"),
        HTTP_PORT_TAKEN("listen.imap = \"127.0.0.1:0\"\nlisten.http = \"127.0.0.1:TAKEN\"\n", "Address already in use"),
        PORT_OF_ANOTHER_SERVICE("listen.imap = \"127.0.0.1:0\"\nlisten.http = \"127.0.0.1:SMTP\"\n", "already in use"),
        CERTIFICATE_UNREADABLE(
                "listen.imap = \"127.0.0.1:0\"\ntls.certificate = \"/none.pem\"\ntls.key = \"/none.key\"\n", "tls: "),
        OWN_CERTIFICATE_UNWRITABLE("listen.imap = \"127.0.0.1:0\"\n", "tls: cannot make certificates"),
        CONFIGURATION_BAD("listen.imap = \"127.0.0.1:0\"\nqueue.lifetime = \"soon\"\n", "queue.lifetime"),
        CONFIGURATION_NO_TOML("listen.imap = [\n", "posthorn.toml:");

        private final String changes;
        private final String reason;

        Failure(String changes, String reason) {
            this.changes = changes;
            this.reason = reason;
        }
    }

    private String greeting(String port) throws IOException {
        try (Socket client = new Socket(LOOPBACK, server.ports().number(port))) {
            return line(client);
        }
    }

    private static String line(Socket client) throws IOException {
        client.setSoTimeout(20_000);
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private X509Certificate shown() throws Exception {
        SSLContext trusting = TrustedAuthorities.of(dir.resolve("data/tls/ca.pem"));
        try (SSLSocket client = (SSLSocket) trusting.getSocketFactory()
                .createSocket(LOOPBACK, server.ports().number("imaps"))) {
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        }
    }

    private Map<Path, String> certificates() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
            files.put(Path.of(name), Files.readString(dir.resolve("data/tls").resolve(name)));
        }
        return files;
    }

    @ParameterizedTest
    @EnumSource
    void leavesAllOfTheOldInService(Failure failure) throws Exception {
        Assembly before = server.inForce();
        int http = server.http().port();
        X509Certificate certificate = shown();
        Map<Path, String> files = certificates();
        try (Socket session = new Socket(LOOPBACK, server.ports().number("smtp"))) {
            assertThat(line(session)).startsWith("220 mx.posthorn.test ");
            Path tls = dir.resolve("data/tls");
            Path away = dir.resolve("away");
            if (failure == Failure.OWN_CERTIFICATE_UNWRITABLE) {
                Files.move(tls, away);
                Files.createFile(tls);
            }
            configure(
                    "mx2.posthorn.test",
                    failure.changes
                            .replace("TAKEN", String.valueOf(taken.getLocalPort()))
                            .replace("SMTP", String.valueOf(server.ports().number("smtp"))));
            assertThatThrownBy(server::reload)
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("nothing changed: ")
                    .hasMessageContaining(failure.reason);
            if (failure == Failure.OWN_CERTIFICATE_UNWRITABLE) {
                Files.delete(tls);
                Files.move(away, tls);
            }
            assertThat(server.inForce()).isSameAs(before);
            assertThat(greeting("smtp")).startsWith("220 mx.posthorn.test ");
            assertThat(server.ports().number("imap")).as("not listened on").isZero();
            assertThat(server.http().port()).isEqualTo(http);
            assertThat(health(LOOPBACK)).startsWith("HTTP/1.1 200 ");
            assertThat(shown()).isEqualTo(certificate);
            assertThat(certificates()).isEqualTo(files);
            send(session, "NOOP");
            assertThat(line(session)).startsWith("250 ");
        }
        configure("mx2.posthorn.test", "listen.imap = \"127.0.0.1:0\"\n");
        server.reload();
        assertThat(greeting("smtp")).as("the next one does it").startsWith("220 mx2.posthorn.test ");
        assertThat(greeting("imap")).startsWith("* OK");
        assertThat(shown()).isNotEqualTo(certificate);
    }

    @Test
    void sessionsThatHaveBegunLiveOnWithTheirOwn() throws Exception {
        try (Socket session = new Socket(LOOPBACK, server.ports().number("smtp"))) {
            assertThat(line(session)).startsWith("220 mx.posthorn.test ");
            configure("mx2.posthorn.test", "listen.smtp = \"127.0.0.1:0\"\n");
            server.reload();
            send(session, "HELO c.test");
            assertThat(line(session)).startsWith("250 mx.posthorn.test");
        }
        assertThat(greeting("smtp")).startsWith("220 mx2.posthorn.test ");
    }

    /** RFC 1939 4: one session at a time, also where they began under different configurations. */
    @Test
    void aMaildropStaysLockedOverAReload() throws Exception {
        try (Socket first = new Socket(LOOPBACK, server.ports().number("pop3"))) {
            assertThat(login(first)).startsWith("+OK");
            configure("mx.posthorn.test", "pop3.max-errors = 1\n");
            assertThat(server.reload()).isEmpty();
            try (Socket second = new Socket(LOOPBACK, server.ports().number("pop3"))) {
                assertThat(login(second)).startsWith("-ERR [IN-USE]");
            }
        }
        try (Socket third = new Socket(LOOPBACK, server.ports().number("pop3"))) {
            assertThat(line(third)).startsWith("+OK");
            send(third, "WHAT");
            assertThat(line(third)).startsWith("-ERR");
            assertThat(third.getInputStream().read())
                    .as("one error is one too many now")
                    .isEqualTo(-1);
        }
    }

    private static String login(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        client.setSoTimeout(20_000);
        assertThat(in.readLine()).startsWith("+OK");
        send(client, "USER alice@posthorn.test");
        assertThat(in.readLine()).startsWith("+OK");
        send(client, "PASS secret-12345");
        return in.readLine();
    }

    @Test
    void movesThePortOfHttp() throws Exception {
        int before = server.http().port();
        int next = taken.getLocalPort();
        taken.close();
        configure("mx.posthorn.test", "listen.http = [\"127.0.0.1:" + next + "\", \"127.0.0.2:" + next + "\"]\n");
        assertThat(server.reload()).isEmpty();
        assertThat(server.http().port()).isEqualTo(next).isNotEqualTo(before);
        assertThatThrownBy(() -> new Socket(LOOPBACK, before)).isInstanceOf(IOException.class);
        assertThat(server.http().alive()).isTrue();
        for (String address : List.of("127.0.0.1", "127.0.0.2")) {
            assertThat(health(InetAddress.ofLiteral(address))).startsWith("HTTP/1.1 200 ");
        }
    }

    private String health(InetAddress address) throws IOException {
        try (Socket monitor = new Socket(address, server.http().port())) {
            send(monitor, "GET /healthz HTTP/1.0\r\n");
            return new String(monitor.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Clients trust the authority that lies in the data directory which is open. */
    @Test
    void makesNoCertificateInADirectoryThatCountsFromTheNextStartOn() throws Exception {
        configure("mx.posthorn.test", "server.data = \"" + dir + "/elsewhere\"\n");
        assertThat(server.reload()).anyMatch(remark -> remark.contains("server.data"));
        assertThat(dir.resolve("elsewhere")).doesNotExist();
    }

    /** What takes effect at the next start only is told each time, and health is that of the data in use. */
    @Test
    void goesOnWithTheDataThatItHasOpen() throws Exception {
        configure("mx.posthorn.test", "server.data = \"" + dir + "/elsewhere\"\n" + tls(dir.resolve("other")));
        for (int time = 0; time < 2; time++) {
            assertThat(server.reload()).containsExactly("at the next start only: server.data, [mailbox], [queue]");
        }
        assertThat(health(LOOPBACK)).startsWith("HTTP/1.1 200 ");
        assertThat(dir.resolve("elsewhere")).doesNotExist();
    }

    private static String tls(Path folder) {
        CertificateFiles files = new OwnAuthority(folder, InstantSource.fixed(Instant.now()))
                .certificateFor(List.of("mx.posthorn.test"));
        return "tls.certificate = \"" + files.chain() + "\"\ntls.key = \"" + files.key() + "\"\n";
    }

    @Test
    void doesNothingOnceTheServerStops() throws Exception {
        configure("mx.posthorn.test", "listen.imap = \"127.0.0.1:0\"\n");
        server.close();
        assertThatThrownBy(server::reload).hasMessageContaining("the server is stopping");
        assertThat(server.ports().number("imap")).isZero();
    }
}
