package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.certificates.CertificateFiles;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.server.Port;
import org.posthorn.server.milter.MilterProtocol;
import org.posthorn.server.smtp.SmtpProtocol;

class ConfigurationTest {
    @TempDir
    Path dir;

    private Path file(String text) throws Exception {
        return Files.writeString(dir.resolve("posthorn.toml"), text);
    }

    @Test
    void needsTheHostnameOnly() throws Exception {
        Configuration configuration = Configuration.read(file("server.hostname = \"MX.Example.org\"\n"));
        assertThat(configuration.hostname()).isEqualTo("mx.example.org");
        assertThat(configuration.listen().sockets(SmtpProtocol.SMTP)).hasSize(1);
        assertThat(configuration.listen().sockets(SmtpProtocol.SMTP).getFirst().getPort())
                .isEqualTo(25);
    }

    @Test
    void limitsClientsAsDocumented() throws Exception {
        Listening usual = Configuration.read(file("server.hostname = \"mx.example.org\"\n"))
                .listen();
        assertThat(usual.limitsOf(SmtpProtocol.SMTP)).isEqualTo(new Port.Limits(10_000, 100));
        assertThat(usual.limitsOf(new MilterProtocol().ports().getFirst())).isEqualTo(new Port.Limits(1000, 500));
        assertThat(usual.maxRatePerClient()).isEqualTo(600);
        assertThat(usual.maxSessionsPerAccount()).isEqualTo(100);
        assertThat(usual.memoryForStrangers()).isEqualTo(25);
        assertThat(usual.memoryForUsers()).isEqualTo(25);
        assertThat(usual.writeTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void namesEachFaultWithItsLine() throws Exception {
        Path file = file("""
                [server]
                hostnam = "mx.example.org"
                [queue]
                lifetime = "0s"
                [tls]
                certificate = "/etc/cert.pem"
                [dkim."example.org"]
                "two words" = "/etc/key.pem"
                """);
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> Configuration.read(file));
        assertThat(thrown.complaints())
                .anyMatch(line -> line.contains(":2: server.hostnam: unknown key; did you mean \"hostname\"?"))
                .anyMatch(line -> line.contains(":4: queue.lifetime: must be from"))
                .anyMatch(line -> line.contains("tls.key: is missing"))
                .anyMatch(line -> line.contains("dkim.\"example.org\": names \"two words\", which is not a selector"))
                .anyMatch(line -> line.contains("server.hostname: is missing"));
    }

    @Test
    void readsSeveralCertificatesEachWithItsKey() throws Exception {
        String head = "server.hostname = \"mx.example.org\"\n[tls]\n";
        Configuration two = Configuration.read(
                file(head + "certificate = [\"/a.pem\", \"/b.pem\"]\nkey = [\"/a.key\", \"/b.key\"]\n"));
        assertThat(two.certificates())
                .containsExactly(
                        new CertificateFiles(Path.of("/a.pem"), Path.of("/a.key")),
                        new CertificateFiles(Path.of("/b.pem"), Path.of("/b.key")));
        assertThat(Configuration.read(file(head + "certificate = \"/a.pem\"\nkey = [\"/a.key\"]\n"))
                        .certificates())
                .containsExactly(new CertificateFiles(Path.of("/a.pem"), Path.of("/a.key")));
        Path uneven = file(head + "certificate = [\"/a.pem\", \"/b.pem\"]\nkey = \"/a.key\"\n");
        assertThat(catchThrowableOfType(ConfigException.class, () -> Configuration.read(uneven))
                        .complaints())
                .singleElement()
                .asString()
                .contains(":4: tls.key: has 1 files and tls.certificate 2: give each certificate its key");
    }

    @Test
    void namesADataDirectoryThatIsTooLongForItsSocket() throws Exception {
        String name = "server.hostname = \"mx.example.org\"\n";
        Path fits = Path.of("/" + "d".repeat(91));
        assertThat(Configuration.read(file(name + "server.data = \"" + fits + "\"\n"))
                        .data()
                        .path())
                .isEqualTo(fits);
        Path file = file(name + "server.data = \"" + fits + "d\"\n");
        assertThat(catchThrowableOfType(ConfigException.class, () -> Configuration.read(file))
                        .complaints())
                .containsExactly(file + ":2: server.data: is too long: 93 octets of at most 92, since there is a socket"
                        + " in it (admin.sock)");
    }

    @Test
    void namesTheLineOfACertificateThatClientsRefuse() throws Exception {
        CertificateFiles old = new OwnAuthority(dir.resolve("old"), InstantSource.fixed(Instant.EPOCH))
                .certificateFor(List.of("other.example.org"));
        Path file = file("server.hostname = \"mx.example.org\"\nqueue.lifetime = \"soon\"\ntls.certificate = \""
                + old.chain() + "\"\ntls.key = \"" + old.key() + "\"\n");
        assertThat(catchThrowableOfType(
                                ConfigException.class, () -> ConfigurationCheck.readStrictly(file, Instant.now()))
                        .complaints())
                .anyMatch(line -> line.contains(":2: queue.lifetime: "))
                .anyMatch(line -> line.contains(":3: tls.certificate: ") && line.contains("expired at"))
                .anyMatch(line -> line.contains(":3: tls.certificate: ") && line.contains("is not for mx.example.org"))
                .hasSize(3);
    }

    @Test
    void boundsTheWaitForNameServers() throws Exception {
        Configuration usual = Configuration.read(file("server.hostname = \"mx.example.org\"\n"));
        assertThat(usual.dns().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(usual.dns().rounds()).isEqualTo(2);
        Configuration hasty = Configuration.read(
                file("server.hostname = \"mx.example.org\"\n[dns]\ntimeout = \"250ms\"\nrounds = 1\n"));
        assertThat(hasty.dns().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(hasty.dns().rounds()).isEqualTo(1);
        for (String wrong :
                List.of("timeout = \"99ms\"", "timeout = \"61s\"", "timeout = 5", "rounds = 0", "rounds = 11")) {
            Path file = file("server.hostname = \"mx.example.org\"\n[dns]\n" + wrong + "\n");
            assertThat(catchThrowableOfType(ConfigException.class, () -> Configuration.read(file))
                            .complaints())
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .contains(":3: dns." + wrong.substring(0, wrong.indexOf(' ')));
        }
    }

    @Test
    void tlsReportsAreFromWhereDmarcReportsAreUnlessSaidOtherwise() throws Exception {
        Configuration both = Configuration.read(file("""
                server.hostname = "mx.example.org"
                [reports.dmarc]
                from = "dmarc@example.org"
                organization = "Example"
                [reports.tls]
                send = true
                """));
        assertThat(both.reporting().dmarc()).isEmpty();
        assertThat(both.reporting().tls().orElseThrow().from()).hasToString("dmarc@example.org");
        assertThat(both.reporting().tls().orElseThrow().organization()).isEqualTo("Example");
        assertThat(both.reporting().tlsToPrivate()).isFalse();

        Path nobody = file("server.hostname = \"mx.example.org\"\nreports.tls.send = true\n");
        assertThat(catchThrowableOfType(ConfigException.class, () -> Configuration.read(nobody))
                        .complaints())
                .anyMatch(line -> line.contains("needs reports.tls.from"));
    }

    @Test
    void everyKeyIsDocumented() throws Exception {
        ConfigFile file = ConfigFile.parse("x", "server.hostname = \"mx.example.org\"\n");
        var _ = Configuration.read(file.root(), Protocols.ALL);
        String manual = Files.readString(Path.of("../docs/configuration.md"));
        List<String> known = file.knownKeys();
        assertThat(known).hasSizeGreaterThan(60);
        assertThat(known)
                .filteredOn(key -> key.contains("."))
                .allSatisfy(key -> assertThat(manual).contains("`" + key + "`"));
    }

    @Test
    void tellsWhatTakesEffectAtAStartOnly() throws Exception {
        Configuration before = Configuration.read(file("server.hostname = \"mx.example.org\"\n"));
        Configuration after = Configuration.read(
                file("server.hostname = \"mx.example.org\"\nqueue.lifetime = \"3d\"\nsmtp.max-errors = 5\n"));
        assertThat(before.needsRestartFor(after)).containsExactly("[queue]");
    }
}
