package org.posthorn.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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

/** What DKIM costs per message: the hash of a body of some size, and the signatures over a usual header. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DkimBenchmark {
    private static final List<HeaderField> HEADER = List.of(
            HeaderField.of("From", "Alice Example <alice@posthorn.test>"),
            HeaderField.of("To", "Bob <bob@example.org>, Carol <carol@example.org>"),
            HeaderField.of("Subject", "Minutes of the meeting, and what comes next"),
            HeaderField.of("Date", "Mon, 23 Nov 2026 20:00:00 +0000"),
            HeaderField.of("Message-ID", "<0123456789.abcdef@posthorn.test>"),
            HeaderField.of("MIME-Version", "1.0"),
            HeaderField.of("Content-Type", "text/plain; charset=utf-8"));

    /** Octets of the body. */
    @Param({"4096", "65536"})
    public int size;

    private byte[] body = new byte[0];
    private DkimSigner rsa = signer(DkimAlgorithm.ED25519_SHA256);
    private DkimSigner ed25519 = signer(DkimAlgorithm.ED25519_SHA256);

    /** Makes lines of words. */
    @Setup
    public void prepare() {
        String line = "An ordinary line of a message, made of words  and spaces.\r\n";
        body = line.repeat(size / line.length() + 1).substring(0, size).getBytes(StandardCharsets.US_ASCII);
        rsa = signer(DkimAlgorithm.RSA_SHA256);
        ed25519 = signer(DkimAlgorithm.ED25519_SHA256);
    }

    private static DkimSigner signer(DkimAlgorithm algorithm) {
        return new DkimSigner(
                Domain.parse("posthorn.test"),
                List.of(new DkimKey("s", DkimKeyRecord.generate(algorithm).getPrivate())));
    }

    /** The relaxed body hash, which all signatures share. */
    @Benchmark
    public String bodyHash() {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(body, 0, body.length);
        return hash.finish();
    }

    /** One RSA-2048 signature. */
    @Benchmark
    public String signRsa() {
        return rsa.sign(HEADER, "x".repeat(44), Instant.EPOCH);
    }

    /** One Ed25519 signature. */
    @Benchmark
    public String signEd25519() {
        return ed25519.sign(HEADER, "x".repeat(44), Instant.EPOCH);
    }
}
