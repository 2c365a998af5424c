package org.posthorn.protocol.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dkim.DkimVerifier;
import org.posthorn.testing.Keys;

/** OpenDKIM and dkimpy sign and seal, we verify; we seal, dkimpy verifies. Skipped where they are not installed. */
class PeersTest {
    private static final String MESSAGE = """
            From: Alice <alice@example.org>
            To: bob@example.com,
             carol@example.com
            Subject:  two   spaces
            Date: Mon, 23 Nov 2026 20:00:00 +0000
            Message-ID: <1@example.org>
            Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.org

            Hello,\s\s
            \tworld

            bye

            """.replace("\n", "\r\n");

    @TempDir
    Path dir;

    private final ZoneResolver dns = new ZoneResolver();

    private String run(String input, String... command) throws Exception {
        Path output = dir.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    private static void requireInstalled(String program) {
        boolean there = Files.exists(Path.of(program));
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(program + " is not installed; in CI nothing may be absent");
        }
        assumeTrue(there, program + " is not installed");
    }

    private String python(String input, String script, String... arguments) throws Exception {
        requireInstalled("/usr/lib/python3/dist-packages/dkim");
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/python3", "-c", """
                import sys, dkim
                m = sys.stdin.buffer.read()
                a = [x.encode() for x in sys.argv[1:]]
                """ + script));
        command.addAll(List.of(arguments));
        return run(input, command.toArray(String[]::new));
    }

    private String pem(KeyPair pair) throws IOException {
        Path file = dir.resolve("key.pem");
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    private void publish(DkimAlgorithm algorithm, KeyPair pair) {
        dns.withTxt("s._domainkey.example.org", DkimKeyRecord.text(algorithm, pair.getPublic()));
    }

    private List<DkimVerdict> verify(String text) {
        ArcMessage message = ArcMessage.of(text);
        DkimVerifier.Verification verification = new DkimVerifier(dns).begin(message.fields());
        verification.body(message.body(), 0, message.body().length);
        return verification.finish(Instant.now());
    }

    @ParameterizedTest
    @CsvSource({
        "relaxed, relaxed, RSA_SHA256",
        "relaxed, simple, RSA_SHA256",
        "simple, relaxed, RSA_SHA256",
        "simple, simple, RSA_SHA256",
        "relaxed, relaxed, ED25519_SHA256",
        "simple, simple, ED25519_SHA256"
    })
    void whatDkimpySignsVerifies(String header, String body, DkimAlgorithm algorithm) throws Exception {
        KeyPair pair = algorithm == DkimAlgorithm.RSA_SHA256 ? Keys.RSA : Keys.ED25519;
        byte[] encoded = pair.getPrivate().getEncoded();
        Path seed = dir.resolve("seed");
        Files.writeString(
                seed,
                Base64.getEncoder()
                        .encodeToString(java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
        String key = algorithm == DkimAlgorithm.RSA_SHA256 ? pem(pair) : seed.toString();
        String signature = python(
                MESSAGE,
                "sys.stdout.buffer.write(dkim.sign(m, b's', b'example.org', open(a[0], 'rb').read(),"
                        + " canonicalize=(a[1], a[2]), signature_algorithm=a[3], length=a[2] == b'simple'))",
                key,
                header,
                body,
                algorithm.tag());
        publish(algorithm, pair);
        assertThat(verify(signature + MESSAGE)).hasSize(1).allMatch(DkimVerdict::passed);
        assertThat(verify(signature + MESSAGE.replace("bye", "bye!"))).noneMatch(DkimVerdict::passed);
    }

    /** OpenDKIM's own tool signs with SHA-1 still; that OpenDKIM's milter signs well is shown through Postfix in interop. */
    @Test
    void whatOpenDkimsToolSignsIsReadAndJudged() throws Exception {
        requireInstalled("/usr/sbin/opendkim-testmsg");
        String signed =
                run(MESSAGE, "/usr/sbin/opendkim-testmsg", "-C", "-d", "example.org", "-k", pem(Keys.RSA), "-s", "s");
        publish(DkimAlgorithm.RSA_SHA256, Keys.RSA);
        List<DkimVerdict> verdicts = verify(signed);
        assertThat(verdicts).hasSize(1);
        assertThat(verdicts.getFirst().result()).isEqualTo(DkimResult.PERMERROR);
        assertThat(verdicts.getFirst().reason()).contains("rsa-sha1 is not valid any more");
    }

    @Test
    void whatDkimpySealsVerifies() throws Exception {
        requireInstalled("/usr/lib/python3/dist-packages/authres");
        String set = python(
                MESSAGE,
                "sys.stdout.buffer.write(b''.join(dkim.arc_sign(m, b's', b'example.org', open(a[0], 'rb').read(),"
                        + " b'mx.example.org')))",
                pem(Keys.RSA));
        publish(DkimAlgorithm.RSA_SHA256, Keys.RSA);
        ArcVerdict verdict = ArcMessage.of(set + MESSAGE).verify(dns, Instant.now());
        assertThat(verdict.result()).as(verdict.reason()).isEqualTo(ArcResult.PASS);
    }

    @Test
    void whatWeSealVerifiesWithDkimpy() throws Exception {
        publish(DkimAlgorithm.RSA_SHA256, Keys.RSA);
        ArcSealer sealer = new ArcSealer(Domain.parse("example.org"), new DkimKey("s", Keys.RSA.getPrivate()));
        String text = MESSAGE;
        for (int i = 0; i < 3; i++) {
            ArcMessage message = ArcMessage.of(text);
            ArcVerdict verdict = message.verify(dns, Instant.now());
            text = sealer.seal(
                                    message.fields(),
                                    verdict,
                                    "mx.example.org; arc=" + verdict.result().text(),
                                    message.bodyHash(),
                                    Instant.now())
                            .orElseThrow()
                    + text;
        }
        String script = "cv, sets, reason = dkim.arc_verify(m, dnsfunc=lambda name, timeout=5: a[0])\n"
                + "print(cv.decode(), len(sets))";
        String record = DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, Keys.RSA.getPublic());
        assertThat(python(text, script, record)).isEqualTo("pass 3\n");
        assertThat(python(text.replace("bye", "bye!"), script, record)).startsWith("fail");
    }
}
