package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

/** Messages that others have signed, with the keys they published. */
class DkimVerifierVectorsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

    private final ZoneResolver dns = new ZoneResolver();

    private List<DkimVerdict> verify(String text) {
        byte[] message = text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        HeaderScanner scanner = new HeaderScanner(1 << 20);
        int bodyStart = scanner.feed(message, 0, message.length);
        DkimVerifier.Verification verification =
                new DkimVerifier(dns).begin(scanner.scanned().fields());
        verification.body(message, bodyStart, message.length - bodyStart);
        return verification.finish(NOW);
    }

    private static Path folder(String name) {
        return Conformance.require("dkim").resolve(name);
    }

    private static String read(Path file) throws Exception {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** Lines "name TXT" up to the first empty line, then the message. */
    @ParameterizedTest
    @ValueSource(strings = {"mail-auth-dkim/003.txt", "mail-auth-dkim/004.txt", "mail-auth-arc/002.txt"})
    void messagesOfMailAuthVerify(String file) throws Exception {
        String text = read(folder(file)).replace("\r\n", "\n");
        int end = text.indexOf("\n\n");
        text.substring(0, end)
                .lines()
                .forEach(line ->
                        dns.withTxt(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        assertThat(verify(text.substring(end + 2)))
                .isNotEmpty()
                .allSatisfy(verdict ->
                        assertThat(verdict.result()).as(verdict.toString()).isEqualTo(DkimResult.PASS));
    }

    @Test
    void theExamplesOfRfc8463Verify() throws Exception {
        Json.object(Json.read(read(folder("mailauth-rfc8463/dns.json"))))
                .forEach((name, types) -> Json.array(Json.object(types).getOrDefault("TXT", List.of()))
                        .forEach(strings -> dns.withTxt(
                                name,
                                Json.array(strings).stream()
                                        .map(String.class::cast)
                                        .collect(Collectors.joining()))));
        List<DkimVerdict> verdicts = verify(read(folder("mailauth-rfc8463/signed.eml")));
        assertThat(verdicts).extracting(DkimVerdict::result).containsExactly(DkimResult.PASS, DkimResult.PASS);
        assertThat(verdicts)
                .extracting(DkimVerdict::algorithm)
                .containsExactlyInAnyOrder("ed25519-sha256", "rsa-sha256");
        assertThat(verdicts).extracting(DkimVerdict::keyBits).containsExactlyInAnyOrder(256, 1024);
    }

    @Test
    void messagesOfJdkimVerifyOrFailAsNamed() throws Exception {
        Path folder = folder("james-jdkim");
        Map<String, Object> keys = Json.object(Json.read(read(folder.resolve("keys.json"))));
        keys.forEach((name, record) -> dns.withTxt(name, (String) record));
        try (var files = Files.list(folder)) {
            List<Path> messages = files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .toList();
            assertThat(messages).hasSizeGreaterThanOrEqualTo(3);
            for (Path file : messages) {
                boolean bad = file.getFileName().toString().startsWith("FAIL_");
                assertThat(verify(read(file)).stream().anyMatch(DkimVerdict::passed))
                        .as(file.getFileName() + ": " + verify(read(file)))
                        .isEqualTo(!bad);
            }
        }
    }

    @Test
    void messagesOfMimekitVerify() throws Exception {
        String key = read(folder("mimekit/gmail.pub")).replaceAll("-----[^-]+-----|\\s", "");
        dns.withTxt("20120113._domainkey.gmail.com", "k=rsa; p=" + key);
        String zone = read(folder("mimekit/example.bind9"));
        String record = zone.lines()
                .filter(line -> line.contains("\""))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .collect(Collectors.joining());
        dns.withTxt(zone.strip().split("\\s+", -1)[0].replaceFirst("\\.$", ""), record);
        for (String file : List.of("gmail.msg", "related.msg")) {
            List<DkimVerdict> verdicts = verify(read(folder("mimekit/" + file)));
            assertThat(verdicts)
                    .as(file + ": " + verdicts)
                    .extracting(DkimVerdict::result)
                    .containsOnly(DkimResult.PASS);
        }
    }
}
