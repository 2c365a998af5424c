package org.posthorn.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.net.Connection;

class CertificatesTest {
    private final Instant now = Instant.now();

    @TempDir
    private Path folder;

    private OwnAuthority authority(String name) {
        return new OwnAuthority(folder.resolve(name), InstantSource.fixed(now));
    }

    @Test
    void makesCertificatesThatClientsTrust() throws Exception {
        OwnAuthority authority = authority("a");
        var certificates = ServerCertificates.read(
                List.of(authority.certificateFor(List.of("localhost", "mx.posthorn.test", "127.0.0.1"))));
        SSLContext client = TrustedAuthorities.of(authority.authority());
        assertThat(shown(certificates, client, "mx.posthorn.test")
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=localhost");
        assertThatThrownBy(() -> shown(certificates, client, "other.test")).isInstanceOf(SSLException.class);
        authority("b").certificateFor(List.of("localhost"));
        SSLContext other = TrustedAuthorities.of(folder.resolve("b/ca.pem"));
        assertThatThrownBy(() -> shown(certificates, other, "localhost")).isInstanceOf(SSLException.class);
    }

    @Test
    void keepsKeysToItself() throws Exception {
        authority("a").certificateFor(List.of("localhost"));
        for (String key : List.of("ca-key.pem", "key.pem")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("a").resolve(key))))
                    .isEqualTo("rw-------");
        }
    }

    /** As after a command that root has run in the directory of the server's user. */
    @Test
    void makesNoOtherAuthorityWhereOneCannotBeRead() throws Exception {
        authority("a").certificateFor(List.of("localhost"));
        Path key = folder.resolve("a/ca-key.pem");
        String ca = Files.readString(folder.resolve("a/ca.pem"));
        Files.delete(key);
        Files.createDirectory(key);
        assertThatThrownBy(() -> authority("a").certificateFor(List.of("localhost")))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("cannot read " + key);
        assertThat(Files.readString(folder.resolve("a/ca.pem"))).isEqualTo(ca);
    }

    @Test
    void usesWhatIsThereUntilItRunsOut() throws Exception {
        List<String> names = List.of("Localhost", "127.0.0.1", "::1");
        CertificateFiles files = authority("a").certificateFor(names);
        String cert = Files.readString(files.chain());
        String ca = Files.readString(folder.resolve("a/ca.pem"));
        authority("a").certificateFor(names);
        assertThat(Files.readString(files.chain())).isEqualTo(cert);

        InstantSource nextYear = InstantSource.fixed(now.plus(Duration.ofDays(380)));
        new OwnAuthority(folder.resolve("a"), nextYear).certificateFor(names);
        assertThat(Files.readString(files.chain())).isNotEqualTo(cert);
        assertThat(Files.readString(folder.resolve("a/ca.pem"))).isEqualTo(ca);
    }

    @Test
    void renewsForMoreNamesAndForBrokenFiles() throws Exception {
        CertificateFiles files = authority("a").certificateFor(List.of("localhost"));
        String first = Files.readString(files.chain());
        authority("a").certificateFor(List.of("localhost", "mx.posthorn.test"));
        String second = Files.readString(files.chain());
        assertThat(second).isNotEqualTo(first);
        Files.writeString(files.key(), "broken");
        authority("a").certificateFor(List.of("localhost"));
        assertThat(Identity.read(files).names()).containsExactly("localhost");
        Files.delete(folder.resolve("a/ca.pem"));
        authority("a").certificateFor(List.of("localhost"));
        assertThat(shown(
                        ServerCertificates.read(List.of(files)),
                        TrustedAuthorities.of(folder.resolve("a/ca.pem")),
                        "localhost"))
                .isNotNull();
    }

    @Test
    void choosesByTheNameThatIsAskedFor() throws Exception {
        OwnAuthority one = authority("one");
        OwnAuthority two = authority("two");
        var certificates = ServerCertificates.read(List.of(
                one.certificateFor(List.of("one.test")), two.certificateFor(List.of("two.test", "*.two.test"))));
        assertThat(shown(certificates, TrustedAuthorities.of(one.authority()), "one.test"))
                .isNotNull();
        assertThat(shown(certificates, TrustedAuthorities.of(two.authority()), "two.test"))
                .isNotNull();
        assertThat(shown(certificates, TrustedAuthorities.of(two.authority()), "mail.TWO.test"))
                .isNotNull();
        assertThatThrownBy(() -> shown(certificates, TrustedAuthorities.of(two.authority()), "a.b.two.test"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void showsNewCertificatesAfterReload() throws Exception {
        OwnAuthority authority = authority("a");
        CertificateFiles files = authority.certificateFor(List.of("localhost"));
        var certificates = ServerCertificates.read(List.of(files));
        SSLContext client = TrustedAuthorities.of(authority.authority());
        X509Certificate before = shown(certificates, client, "localhost");
        authority.certificateFor(List.of("localhost", "more.test"));
        assertThat(shown(certificates, client, "localhost")).isEqualTo(before);
        certificates = ServerCertificates.read(List.of(files));
        X509Certificate after = shown(certificates, client, "localhost");
        assertThat(after).isNotEqualTo(before);

        Files.writeString(files.chain(), "broken");
        assertThatThrownBy(() -> ServerCertificates.read(List.of(files)))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("cert.pem: no certificate");
        assertThat(shown(certificates, client, "localhost")).isEqualTo(after);
        assertThat(certificates.expires()).isBetween(now.plus(Duration.ofDays(390)), now.plus(Duration.ofDays(397)));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        CertificateFiles one = authority("one").certificateFor(List.of("localhost"));
        CertificateFiles two = authority("two").certificateFor(List.of("localhost"));
        assertThatThrownBy(() -> Identity.read(new CertificateFiles(one.chain(), two.key())))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("is not the key of the first certificate");
        assertThatThrownBy(() -> Identity.read(new CertificateFiles(folder.resolve("none.pem"), one.key())))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("cannot read");
        assertThatThrownBy(() -> Identity.read(new CertificateFiles(one.chain(), one.chain())))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("no private key");
        Path broken = folder.resolve("broken.pem");
        Files.writeString(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> Identity.read(new CertificateFiles(broken, one.key())))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("not a certificate");
        assertThatThrownBy(() -> ServerCertificates.read(List.of())).isInstanceOf(CertificateException.class);
    }

    @Test
    void namesWhatClientsWillNotAccept() throws Exception {
        CertificateFiles one = authority("one").certificateFor(List.of("one.test"));
        CertificateFiles two = authority("two").certificateFor(List.of("two.test"));
        var both = ServerCertificates.read(List.of(one, two));
        assertThat(both.faults("one.test", now)).isEmpty();
        assertThat(both.faults("TWO.test", now)).as("one of them is enough").isEmpty();
        assertThat(both.faults("mx.test", now))
                .containsExactly(one.chain() + ": the certificate is not for mx.test but for one.test");
        assertThat(both.faults("one.test", now.plus(Duration.ofDays(400))))
                .hasSize(2)
                .allMatch(fault -> fault.contains("cert.pem: the certificate expired at "));
        assertThat(both.faults("one.test", now.minus(Duration.ofDays(30))))
                .hasSize(2)
                .allMatch(fault -> fault.contains("cert.pem: the certificate is not valid before "));
    }

    @Test
    void keyAndCertificateMayShareAFile() throws Exception {
        CertificateFiles files = authority("a").certificateFor(List.of("localhost"));
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(files.key()) + Files.readString(files.chain()));
        assertThat(Identity.read(new CertificateFiles(both, both)).chain()).hasSize(2);
    }

    /** What a client that verifies the name is shown in a handshake. */
    private static X509Certificate shown(ServerCertificates certificates, SSLContext client, String name)
            throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> serveOnce(listening, certificates));
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()));
                socket.setSoTimeout(10_000);
                try (SSLSocket tls =
                        (SSLSocket) client.getSocketFactory().createSocket(socket, name, socket.getPort(), true)) {
                    SSLParameters parameters = tls.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName(name)));
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    tls.setSSLParameters(parameters);
                    tls.startHandshake();
                    assertThat(tls.getInputStream().readNBytes(2)).isEqualTo("ok".getBytes(StandardCharsets.US_ASCII));
                    return (X509Certificate) tls.getSession().getPeerCertificates()[0];
                }
            } finally {
                server.join();
            }
        }
    }

    private static void serveOnce(ServerSocket listening, ServerCertificates certificates) {
        try (Connection connection = new Connection(listening.accept())) {
            connection.startTls(certificates.context());
            connection.out().print("ok");
            connection.out().flush();
        } catch (IOException refusedByTheClient) {
            // The client's side of the test says what it thinks of the certificate.
        }
    }
}
