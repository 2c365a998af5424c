package org.posthorn.bench.micro;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.dkim.KeyRecord;
import org.posthorn.protocol.dkim.VerifyingKey;

/**
 * Signatures, verifications and body hashes per second, for comparison with {@code openssl speed}: {@code bench/run crypto} runs
 * both on one core. Signing is whole: canonical header, signature, finished field.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgs = "-XX:+UseSerialGC")
public class CryptoBenchmark {
    /** Keys of one kind. */
    @State(Scope.Benchmark)
    public static class Keys {
        @Param({"RSA_SHA256", "ED25519_SHA256"})
        public DkimAlgorithm algorithm = DkimAlgorithm.RSA_SHA256;

        private final List<HeaderField> header = List.of(
                HeaderField.of("From", "Alice Example <alice@posthorn.test>"),
                HeaderField.of("To", "Bob <bob@example.org>, Carol <carol@example.org>"),
                HeaderField.of("Subject", "Minutes of the meeting, and what comes next"),
                HeaderField.of("Date", "Mon, 23 Nov 2026 20:00:00 +0000"),
                HeaderField.of("Message-ID", "<0123456789.abcdef@posthorn.test>"),
                HeaderField.of("MIME-Version", "1.0"),
                HeaderField.of("Content-Type", "text/plain; charset=utf-8"));
        private final byte[] data = "x".repeat(600).getBytes(StandardCharsets.US_ASCII);
        private DkimSigner signer = signer(DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256));
        private VerifyingKey verifier = verifier(DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256));
        private byte[] signature = new byte[0];

        @Setup
        public void prepare() throws GeneralSecurityException {
            KeyPair pair = DkimKeyRecord.generate(algorithm);
            boolean rsa = algorithm == DkimAlgorithm.RSA_SHA256;
            signer = signer(pair);
            verifier = KeyRecord.parse(DkimKeyRecord.text(algorithm, pair.getPublic()))
                    .key()
                    .orElseThrow();
            Signature by = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
            by.initSign(pair.getPrivate());
            by.update(rsa ? data : MessageDigest.getInstance("SHA-256").digest(data));
            signature = by.sign();
        }

        private static VerifyingKey verifier(KeyPair pair) {
            return KeyRecord.parse(DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, pair.getPublic()))
                    .key()
                    .orElseThrow();
        }

        private static DkimSigner signer(KeyPair pair) {
            return new DkimSigner(Domain.parse("posthorn.test"), List.of(new DkimKey("s", pair.getPrivate())));
        }
    }

    /** A body of 10 MB. */
    @State(Scope.Benchmark)
    public static class Body {
        @Param({"base64", "short-lines"})
        public String kind = "base64";

        private byte[] octets = new byte[0];

        @Setup
        public void prepare() {
            if (kind.equals("base64")) {
                byte[] random = new byte[7_300_000];
                new Random(1).nextBytes(random);
                octets = Base64.getMimeEncoder().encode(random);
            } else {
                String line = "some words  and double  spaces \r\n";
                octets = line.repeat(10_000_000 / line.length()).getBytes(StandardCharsets.US_ASCII);
            }
        }
    }

    @Benchmark
    public String sign(Keys keys) {
        return keys.signer.sign(keys.header, "x".repeat(44), Instant.EPOCH);
    }

    @Benchmark
    public boolean verify(Keys keys) {
        if (!keys.verifier.verifies(keys.data, keys.signature)) {
            throw new IllegalStateException("a good signature is not accepted");
        }
        return true;
    }

    /** In pieces of 8 KiB, as they come from a socket. */
    @Benchmark
    public String relaxedBody(Body body) {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        for (int i = 0; i < body.octets.length; i += 8192) {
            hash.update(body.octets, i, Math.min(8192, body.octets.length - i));
        }
        return hash.finish();
    }

    /** SHA-256 alone, in pieces of 8 KiB. */
    @Benchmark
    public byte[] sha256(Body body) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < body.octets.length; i += 8192) {
            digest.update(body.octets, i, Math.min(8192, body.octets.length - i));
        }
        return digest.digest();
    }
}
