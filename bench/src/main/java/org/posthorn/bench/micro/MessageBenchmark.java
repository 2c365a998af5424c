package org.posthorn.bench.micro;

import java.io.IOException;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;

/** What is done to every message of 4 KiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageBenchmark {
    private static final int MAX_HEADER = 256 * 1024;

    private final byte[] message = message();
    private List<HeaderField> fields = List.of();
    private int headerLength;
    private String bodyHash = "";
    private DkimSigner rsa = signer(DkimAlgorithm.RSA_SHA256);
    private DkimSigner ed25519 = signer(DkimAlgorithm.ED25519_SHA256);

    @Setup
    public void prepare() {
        HeaderScanner scanner = new HeaderScanner(MAX_HEADER);
        headerLength = scanner.feed(message, 0, message.length);
        fields = scanner.scanned().fields();
        bodyHash = bodyHash();
    }

    private static DkimSigner signer(DkimAlgorithm algorithm) {
        DkimKey key = new DkimKey("s1", DkimKeyRecord.generate(algorithm).getPrivate());
        return new DkimSigner(Domain.parse("example.org"), List.of(key));
    }

    @Benchmark
    public HeaderScanner.Scanned headerScan() {
        HeaderScanner scanner = new HeaderScanner(MAX_HEADER);
        int _ = scanner.feed(message, 0, message.length);
        return scanner.scanned();
    }

    @Benchmark
    public MimePart mimeStructure() throws IOException {
        return MimeStructure.parse(MessageContent.of(message));
    }

    @Benchmark
    public String bodyHash() {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(message, headerLength, message.length - headerLength);
        return hash.finish();
    }

    @Benchmark
    public String signRsa2048() {
        return rsa.sign(fields, bodyHash, Instant.EPOCH);
    }

    @Benchmark
    public String signEd25519() {
        return ed25519.sign(fields, bodyHash, Instant.EPOCH);
    }

    private static byte[] message() {
        StringBuilder text = new StringBuilder("""
                Received: from client.example.org (client.example.org [192.0.2.1])\r
                \tby mx.example.org with ESMTPSA id 0123456789AB; Mon, 01 Jan 2024 00:00:00 +0000\r
                From: Somebody <somebody@example.org>\r
                To: Somebody Else <else@example.net>, Another <another@example.net>\r
                Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= and more\r
                Date: Mon, 01 Jan 2024 00:00:00 +0000\r
                Message-ID: <1@example.org>\r
                MIME-Version: 1.0\r
                Content-Type: multipart/alternative; boundary="b1"\r
                \r
                --b1\r
                Content-Type: text/plain; charset=utf-8\r
                \r
                """);
        String line = "The quick brown fox jumps over the lazy dog, and  that more than once.\r\n";
        while (text.length() < 2400) {
            text.append(line);
        }
        text.append("--b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n");
        while (text.length() < 4096) {
            text.append(line);
        }
        return text.append("--b1--\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
