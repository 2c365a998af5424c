package org.posthorn.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimVerifier;
import picocli.CommandLine;

class MessageVerdictsTest {
    private static final String MESSAGE = "From: a@example.org\nTo: b@example.net\nSubject: hello\n\nBody\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path zone;
    private Path key;

    @BeforeEach
    void makeKey() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String record = "v=DKIM1; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        key = Files.writeString(folder.resolve("key.pem"), PrivateKeys.write(pair.getPrivate()));
        zone = Files.writeString(
                folder.resolve("zone"),
                "s._domainkey.example.org. TXT \"" + record.substring(0, 200) + "\" \"" + record.substring(200)
                        + "\"\n");
    }

    private int run(Function<ResolverSource, CommandLine> command, String... args) {
        out.getBuffer().setLength(0);
        CommandLine line = command.apply(ZoneResolver::new);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    private String sign(Function<ResolverSource, CommandLine> command, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("unsigned.eml"), message);
        assertThat(run(
                        command,
                        "--domain",
                        "example.org",
                        "--selector",
                        "s",
                        "--key",
                        key.toString(),
                        "--zone",
                        zone.toString(),
                        file.toString()))
                .isZero();
        return out + message;
    }

    private String verdict(Function<ResolverSource, CommandLine> command, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("message.eml"), message);
        assertThat(run(command, "--zone", zone.toString(), file.toString())).isZero();
        return out.toString().lines().findFirst().orElseThrow();
    }

    @Test
    void verifiesWhatItSigned() throws IOException {
        for (String message : new String[] {MESSAGE, MESSAGE.replace("\n", "\r\n")}) {
            String signed = sign(CheckCommands::dkimSign, message);

            assertThat(signed.contains("\r")).isEqualTo(message.contains("\r"));
            assertThat(verdict(CheckCommands::dkimVerify, signed)).isEqualTo("pass");
            assertThat(verdict(CheckCommands::dkimVerify, signed.replace("hello", "hullo")))
                    .isEqualTo("fail");
            assertThat(verdict(CheckCommands::dkimVerify, message)).isEqualTo("none");
        }
    }

    @Test
    void signsWithAnEd25519Key() throws Exception {
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
        Files.writeString(key, PrivateKeys.write(pair.getPrivate()));
        Files.writeString(
                zone,
                "s._domainkey.example.org. TXT \""
                        + DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, pair.getPublic())
                                .replace(";", "\\;")
                        + "\"\n");

        String signed = sign(CheckCommands::dkimSign, MESSAGE);

        assertThat(signed).contains("a=ed25519-sha256;");
        assertThat(verdict(CheckCommands::dkimVerify, signed)).isEqualTo("pass");
        assertThat(out.toString()).contains("a=ed25519-sha256 (key of 256 bits)");
        assertThat(verdict(CheckCommands::dkimVerify, signed.replace("Body", "body")))
                .isEqualTo("fail");
    }

    @Test
    void whatIsNotLookedAtDoesNotChangeTheVerdict() throws IOException {
        assertThat(verdict(CheckCommands::dkimVerify, withoutKey(30) + MESSAGE)).isEqualTo("permerror");
        assertThat(out.toString().lines().filter(line -> line.startsWith("policy")))
                .hasSize(DkimVerifier.MAX_SIGNATURES - BodyHashes.MAX_PARTS + 1);
        // Of those above it more than six parts are signed, which does not concern one that signs the whole.
        String signed = sign(CheckCommands::dkimSign, MESSAGE);
        assertThat(verdict(CheckCommands::dkimVerify, withoutKey(12) + signed)).isEqualTo("pass");
    }

    /** Signatures whose key is missing, each of another part of the body. */
    private static String withoutKey(int count) {
        return IntStream.range(0, count)
                .mapToObj(length ->
                        "DKIM-Signature: v=1; d=example.org; s=none; a=rsa-sha256; h=From; bh=AAAA; b=AAAA; l=" + length
                                + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void verifiesTheChainThatItSealed() throws IOException {
        String once = sign(CheckCommands::arcSeal, MESSAGE);
        String twice = sign(CheckCommands::arcSeal, once);

        assertThat(verdict(CheckCommands::arcVerify, once)).isEqualTo("pass");
        assertThat(verdict(CheckCommands::arcVerify, twice)).isEqualTo("pass");
        assertThat(twice).contains("i=2; example.org; arc=pass");
        assertThat(verdict(CheckCommands::arcVerify, twice.replace("Body", "body")))
                .isEqualTo("fail");
        assertThat(verdict(CheckCommands::arcVerify, MESSAGE)).isEqualTo("none");
    }

    @Test
    void judgesMessagesThatABatchBrings() throws IOException {
        String signed = sign(CheckCommands::dkimSign, MESSAGE);
        JsonObject text = JsonObject.builder()
                .put("message", new JsonText(signed))
                .put("zone", zone.toString())
                .build();
        JsonObject base64 = JsonObject.builder()
                .put("message-base64", Base64.getEncoder().encodeToString(signed.getBytes(StandardCharsets.UTF_8)))
                .put("zone", zone.toString())
                .build();
        CheckContext context = new CheckContext(ZoneResolver::new, InstantSource.system());
        StringWriter answers = new StringWriter();

        new Batch(context, new DkimVerifyCheck(), 100_000)
                .run(new StringReader(text + "\n" + base64 + "\n{}\n"), new PrintWriter(answers));

        assertThat(answers.toString()
                        .lines()
                        .map(Json::readObject)
                        .map(answer -> answer.text("result").orElse("error")))
                .containsExactly("pass", "pass", "error");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThat(run(CheckCommands::dkimVerify, folder + "/absent.eml")).isEqualTo(2);
        assertThat(run(CheckCommands::dkimVerify)).isEqualTo(2);
        Path file = Files.writeString(folder.resolve("m.eml"), MESSAGE);
        assertThat(run(CheckCommands::dkimSign, "--domain", "example.org", "--key", key.toString(), file.toString()))
                .isEqualTo(2);
        assertThat(run(
                        CheckCommands::dkimSign,
                        "--domain",
                        "example.org",
                        "--selector",
                        "s",
                        "--key",
                        file.toString(),
                        file.toString()))
                .isEqualTo(2);
        assertThat(run(CheckCommands::dkimVerify, folder.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(5).last().asString().startsWith("posthorn: " + folder);
    }
}
