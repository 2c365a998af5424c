package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our verdict tools and dkimpy judge each other's signatures and seals. */
class VerdictToolsTest {
    private static final String MESSAGE = """
            From: Alice <alice@example.org>
            To: bob@example.net
            Date: Tue, 27 Jan 2026 10:00:00 +0000
            Subject: a
              folded   subject
            Message-ID: <1@example.org>

            Two  spaces and one at the end\s

            """.replace("\n", "\r\n");

    @TempDir
    Path dir;

    private Path key;
    private Path zone;
    private Path keys;

    @BeforeEach
    void makeKey() throws IOException {
        Tool.require("python3");
        Tool.require("openssl");
        key = dir.resolve("key.pem");
        Tool.run("openssl", "genrsa", "-traditional", "-out", key.toString(), "2048")
                .succeeded();
        String record = "v=DKIM1; k=rsa; p="
                + Tool.run("openssl", "rsa", "-in", key.toString(), "-pubout", "-outform", "PEM")
                        .succeeded()
                        .output()
                        .replaceAll("(?m)^(writing RSA key|-----.*)$", "")
                        .replaceAll("\\s", "");
        keys = Files.writeString(dir.resolve("keys.txt"), "s._domainkey.example.org " + record + "\n");
        zone = Files.writeString(
                dir.resolve("zone"),
                "$ORIGIN example.org.\ns._domainkey TXT \"" + record.substring(0, 250) + "\" \"" + record.substring(250)
                        + "\"\n@ TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n");
    }

    private static Tool posthorn(String... words) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("posthorn").toString());
        command.addAll(List.of(words));
        return Tool.run(command).succeeded();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    private String ours(String message, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(
                "--domain", "example.org", "--selector", "s", "--key", key.toString(), "--zone", zone.toString()));
        words.add(file("unsigned.eml", message).toString());
        return posthorn(words.toArray(String[]::new)).output() + message;
    }

    private String verdict(String message, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(
                List.of("--zone", zone.toString(), file("message.eml", message).toString()));
        return posthorn(words.toArray(String[]::new))
                .output()
                .lines()
                .findFirst()
                .orElse("");
    }

    @Test
    void dkimpyVerifiesWhatWeSign() throws IOException {
        Path signed = file("signed.eml", ours(MESSAGE, "dkim", "sign"));

        assertThat(Dkimpy.run("verify", signed.toString(), keys.toString())).isEqualTo("rsa-sha256 pass\n");
    }

    @Test
    void dkimpyVerifiesWhatWeSignWithEd25519() throws IOException {
        Tool.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key.toString())
                .succeeded();
        String pem = Tool.run("openssl", "pkey", "-in", key.toString(), "-pubout")
                .succeeded()
                .output();
        // RFC 8463 4: the record has the 32 octets at the end of what OpenSSL calls the public key.
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
        String octets =
                Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        Files.writeString(keys, "s._domainkey.example.org v=DKIM1; k=ed25519; p=" + octets + "\n");
        Path signed = file("signed.eml", ours(MESSAGE, "dkim", "sign"));

        assertThat(Dkimpy.run("verify", signed.toString(), keys.toString())).isEqualTo("ed25519-sha256 pass\n");
        Path altered = file("altered.eml", Files.readString(signed).replace("Two", "two"));
        assertThat(Dkimpy.run("verify", altered.toString(), keys.toString())).isEqualTo("ed25519-sha256 fail\n");
    }

    @Test
    void judgesATableOfMessagesAsDkimpyDoes() throws IOException {
        List<String[]> theirs = Dkimpy.run("table", dir.toString())
                .lines()
                .map(line -> line.split("\t", -1))
                .toList();
        String questions = theirs.stream().map(line -> line[1]).collect(Collectors.joining("\n"));
        List<String> ours = Tool.run(
                        Map.of(),
                        questions.getBytes(StandardCharsets.UTF_8),
                        List.of(Repository.root().resolve("posthorn").toString(), "dkim", "verify", "--batch"))
                .succeeded()
                .output()
                .lines()
                .map(VerdictToolsTest::results)
                .toList();
        assertThat(ours).hasSameSizeAs(theirs);

        List<String> table = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            table.add(theirs.get(i)[0] + ": " + ours.get(i) + ", dkimpy " + theirs.get(i)[2]);
        }
        assertThat(table)
                .containsExactlyElementsOf(
                        Files.readAllLines(Repository.root().resolve("interop/peers/dkimpy-table.txt")).stream()
                                .filter(line -> !line.startsWith("#"))
                                .toList());
    }

    /** The verdict and, in brackets, those of the signatures. */
    private static String results(String answer) {
        List<String> words = Pattern.compile("\"result\":\"([a-z]+)\"")
                .matcher(answer)
                .results()
                .map(found -> found.group(1))
                .toList();
        return words.isEmpty()
                ? answer
                : words.getFirst() + " (" + String.join(" ", words.subList(1, words.size())) + ")";
    }

    @Test
    void weVerifyWhatDkimpySigns() throws IOException {
        String signed = Dkimpy.run(
                "sign",
                "dkim",
                "example.org",
                "s",
                key.toString(),
                file("unsigned.eml", MESSAGE).toString());

        assertThat(verdict(signed, "dkim", "verify")).isEqualTo("pass");
        assertThat(verdict(signed.replace("folded", "faulted"), "dkim", "verify"))
                .isEqualTo("fail");
        assertThat(verdict(
                        signed,
                        "dmarc",
                        "check",
                        "--ip",
                        "198.51.100.1",
                        "--helo",
                        "h.example",
                        "--from",
                        "a@example.net"))
                .isEqualTo("pass");
        assertThat(verdict(
                        MESSAGE,
                        "dmarc",
                        "check",
                        "--ip",
                        "198.51.100.1",
                        "--helo",
                        "h.example",
                        "--from",
                        "a@example.org"))
                .isEqualTo("fail");
    }

    @Test
    void sealsAreGoodBothWays() throws IOException {
        String results = "Authentication-Results: example.org; spf=pass smtp.mailfrom=alice@example.org\r\n";
        Path sealed = file("sealed.eml", ours(results + MESSAGE, "arc", "seal"));

        assertThat(Dkimpy.run("arc-verify", sealed.toString(), keys.toString())).isEqualTo("pass\n");
        String theirs = Dkimpy.run(
                "sign",
                "arc",
                "example.org",
                "s",
                key.toString(),
                file("unsigned.eml", results + MESSAGE).toString());
        assertThat(verdict(theirs, "arc", "verify")).isEqualTo("pass");
    }
}
