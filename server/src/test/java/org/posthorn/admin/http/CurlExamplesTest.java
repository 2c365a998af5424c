package org.posthorn.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.admin.AdminParts;
import org.posthorn.testing.Checkout;
import org.posthorn.testing.Keys;

/** The examples of docs/operating.md, carried out with curl one after the other; without curl {@link AdminResourcesTest} stands alone. */
class CurlExamplesTest {
    private static final String BEGIN = "curl --unix-socket DATA/admin.sock ";

    @TempDir
    private Path folder;

    @Test
    void theExamplesOfTheGuideDoWhatTheySay() throws Exception {
        assumeTrue(hasCurl());
        List<String> examples = Files.readAllLines(Checkout.root().resolve("docs/operating.md")).stream()
                .filter(line -> line.startsWith(BEGIN))
                .toList();
        assertThat(examples).hasSizeGreaterThan(25);
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(Keys.ED25519.getPrivate().getEncoded())
                + "\\n-----END PRIVATE KEY-----\\n";
        Files.writeString(folder.resolve("key.json"), "{\"privateKey\":\"" + pem + "\"}");
        Files.writeString(
                folder.resolve("alice.json"), "{\"address\":\"alice@example.org\",\"password\":\"a password\"}");
        Files.writeString(folder.resolve("password.json"), "{\"password\":\"another one\"}");
        Files.writeString(folder.resolve("report.eml"), AdminParts.dmarc("7", "example.org", 1));
        try (AdminParts parts = new AdminParts(folder, folder.resolve("dkim"), true)) {
            String id = parts.queue("a@here.test", "x@example.net");
            for (String example : examples) {
                // Of the keys that were made last, which the answer before shows.
                String line = example.replace("FPQ5E11KP40", id).replace("SELECTOR", "ed202603b");
                assertThat(carriedOut(line)).as(line).isEqualTo("2");
            }
            assertThat(parts.directory.domains()).as("added and removed").isEmpty();
        }
    }

    private static boolean hasCurl() throws InterruptedException {
        try {
            return new ProcessBuilder("curl", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The first digit of the status; the whole answer where it is none of success. */
    private String carriedOut(String line) throws Exception {
        String command = line.replace(
                BEGIN,
                "curl --silent --max-time 60 --write-out '%{http_code}' --unix-socket " + folder.resolve("admin.sock")
                        + " ");
        Process curl = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return answer.matches("(?s).*2[0-9]{2}") ? "2" : answer;
    }
}
