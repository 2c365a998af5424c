package org.posthorn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.LauncherBox;
import org.posthorn.testing.LauncherBox.Run;

/** {@code ./posthorn jdk} against a file server on loopback that answers as api.adoptium.net does. */
class JdkDownloadTest {
    private static final String ASSETS = "/v3/assets/latest/25/hotspot";
    private static final String ARCHIVE = "/OpenJDK25U-jdk_x64_linux_hotspot_25.0.9_1.tar.gz";

    @TempDir
    Path folder;

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private HttpServer server;
    private LauncherBox box;
    private String base;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        box = new LauncherBox(folder.resolve("box")).with("POSTHORN_JDK_URL", base);
        assumeTrue(box.canDownload(), "neither curl nor wget is installed");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void installsTheJdkWhoseChecksumIsRight() throws Exception {
        byte[] archive = archive("25.0.9");
        offer(archive, sha256(archive));

        Run run = box.run("jdk");

        assertThat(run.err()).contains("installed 25.0.9");
        assertThat(run.status()).isZero();
        assertThat(box.run("jdk", "--show").out()).isEqualTo(box.installedJdk() + "\n");
        assertThat(leftovers()).containsExactlyInAnyOrder("jdk", "jdk.sha256");
    }

    @Test
    void installsNothingWhereTheChecksumIsWrong() throws Exception {
        offer(archive("25.0.9"), sha256("something else".getBytes(UTF_8)));

        Run run = box.run("jdk");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("wrong checksum, nothing was installed");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void keepsTheJdkThatIsThereWhereTheNewOneIsDamaged() throws Exception {
        byte[] archive = archive("25.0.9");
        offer(archive, sha256(archive));
        box.run("jdk");
        offer("garbage".getBytes(UTF_8), sha256("garbage".getBytes(UTF_8)));

        Run run = box.run("jdk");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("cannot be unpacked; nothing was installed");
        assertThat(box.run("jdk", "--show").out()).isEqualTo(box.installedJdk() + "\n");
    }

    @Test
    void refusesAnArchiveOfAnOlderJdk() throws Exception {
        byte[] archive = archive("21.0.1");
        offer(archive, sha256(archive));

        Run run = box.run("jdk");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("holds no JDK 25");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void doesNotDownloadAgainWhatIsThere() throws Exception {
        byte[] archive = archive("25.0.9");
        offer(archive, sha256(archive));
        box.run("jdk");
        files.remove(ARCHIVE);

        Run run = box.run("jdk");

        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("is there already");
    }

    @Test
    void takesAnArchiveWithItsChecksumBesideIt() throws Exception {
        byte[] archive = archive("25.0.9");
        files.put(ARCHIVE, archive);
        files.put(ARCHIVE + ".sha256.txt", (sha256(archive) + "  " + ARCHIVE.substring(1) + "\n").getBytes(UTF_8));

        Run run = box.with("POSTHORN_JDK_URL", base + ARCHIVE).run("jdk");

        assertThat(run.err()).contains("installed 25.0.9");
        assertThat(box.installedJdk().resolve("bin/java")).isExecutable();
    }

    @Test
    void saysWhichServerHasNoJdk() throws Exception {
        Run run = box.run("jdk");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("cannot ask " + base);
    }

    /** A newcomer types one command. */
    @Test
    void anyCommandFetchesTheJdkThatIsMissing() throws Exception {
        byte[] archive = archive("25.0.9");
        offer(archive, sha256(archive));

        Run run = box.run("demo");

        assertThat(run.err()).contains("fetching one", "downloading " + base + ARCHIVE, "installed 25.0.9");
        assertThat(run.out()).contains("25.0.9:").contains("-jar").endsWith(" demo\n");
        assertThat(run.status()).isZero();
        assertThat(leftovers()).containsExactlyInAnyOrder("jdk", "jdk.sha256");
        assertThat(box.run("demo").err()).doesNotContain("downloading");
    }

    @Test
    void namesTheDistributionsPackageWhereTheDownloadFails() throws Exception {
        LauncherBox.script(box.bin().resolve("apt-cache"), "echo \"$2:\"; echo '  Candidate: 25.0.1+8-1'\n");

        Run run = box.run("demo");

        assertThat(run.err()).contains("cannot ask " + base, "run 'apt-get install openjdk-25-jdk-headless'");
        assertThat(run.status()).isEqualTo(1);
    }

    /** The answer of the API, shortened to the fields around those that count. */
    private void offer(byte[] archive, String checksum) {
        files.put(ARCHIVE, archive);
        files.put(ASSETS, """
                [{"binary": {"architecture": "x64", "image_type": "jdk", "os": "linux",
                  "package": {
                    "checksum": "%1$s",
                    "checksum_link": "%2$s.sha256.txt",
                    "link": "%2$s",
                    "metadata_link": "%2$s.json",
                    "name": "jdk.tar.gz", "signature_link": "%2$s.sig", "size": 1}},
                  "release_name": "jdk-25.0.9+1", "vendor": "eclipse"}]
                """.formatted(checksum, base + ARCHIVE).getBytes(UTF_8));
    }

    private byte[] archive(String version) throws Exception {
        Path content = folder.resolve("content-" + version);
        box.jdk(content.resolve("jdk-" + version), version);
        Path archive = folder.resolve(version + ".tar.gz");
        int status = new ProcessBuilder("tar", "-czf", archive.toString(), "-C", content.toString(), "jdk-" + version)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        return Files.readAllBytes(archive);
    }

    private Stream<String> leftovers() throws IOException {
        try (Stream<Path> found = Files.list(box.installedJdk().getParent())) {
            return found.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] file = files.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
        exchange.sendResponseHeaders(file.length == 0 ? 404 : 200, file.length == 0 ? -1 : file.length);
        exchange.getResponseBody().write(file);
        exchange.close();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
