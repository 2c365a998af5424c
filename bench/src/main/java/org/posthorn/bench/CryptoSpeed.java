package org.posthorn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * Signatures, verifications and body hashes of a CPU second beside those of {@code openssl speed}, by turns, on one core; prints
 * a Markdown table of the best rounds. Both sides count CPU time, so that other work on the machine disturbs the caches only.
 * Arguments: {@code --rounds N}, 5 if not given; one that does not count comes first.
 */
public final class CryptoSpeed {
    private static final int MEGABYTE = 1_000_000;
    /** What comes from a socket at a time. */
    private static final int PIECE = 8192;

    private static final long TURN_NANOS = 1_000_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final List<HeaderField> HEADER = List.of(
            HeaderField.of("From", "Alice Example <alice@posthorn.test>"),
            HeaderField.of("To", "Bob <bob@example.org>, Carol <carol@example.org>"),
            HeaderField.of("Subject", "Minutes of the meeting, and what comes next"),
            HeaderField.of("Date", "Mon, 23 Nov 2026 20:00:00 +0000"),
            HeaderField.of("Message-ID", "<0123456789.abcdef@posthorn.test>"),
            HeaderField.of("MIME-Version", "1.0"),
            HeaderField.of("Content-Type", "text/plain; charset=utf-8"));
    private static final byte[] SIGNED = "x".repeat(600).getBytes(StandardCharsets.US_ASCII);

    /** The best of the rounds, a CPU second. */
    private final Map<String, Double> best = new LinkedHashMap<>();

    private CryptoSpeed() {}

    /** A piece of work. */
    private interface Work {
        /** Does it once. */
        void run() throws GeneralSecurityException;
    }

    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        int at = arguments.indexOf("--rounds");
        new CryptoSpeed().run(at < 0 ? 5 : Integer.parseInt(arguments.get(at + 1)), System.out);
    }

    private void run(int rounds, PrintStream out) throws Exception {
        Map<String, Work> ours = works();
        for (Work work : ours.values()) {
            perSecond(work);
        }
        for (int round = 0; round < rounds; round++) {
            openssl();
            for (Map.Entry<String, Work> work : ours.entrySet()) {
                keep(work.getKey(), perSecond(work.getValue()));
            }
        }
        out.println("| operation | per CPU second | for comparison | a CPU second | ratio |");
        out.println("|---|---:|---|---:|---:|");
        row(out, "RSA-2048 signature, with header and field", "openssl speed, rsa2048 sign");
        row(out, "Ed25519 signature, with header and field", "openssl speed, ed25519 sign");
        row(out, "RSA-2048 verification", "openssl speed, rsa2048 verify");
        row(out, "Ed25519 verification", "openssl speed, ed25519 verify");
        row(out, "10 MB in base64, relaxed body hash", "SHA-256 of 10 MB");
        row(out, "10 MB of short lines with double spaces, relaxed body hash", "SHA-256 of 10 MB");
        row(out, "SHA-256 of 10 MB", "openssl speed, SHA-256 of 10 MB");
    }

    private void row(PrintStream out, String operation, String comparison) {
        double ours = best.getOrDefault(operation, 0.0);
        double theirs = best.getOrDefault(comparison, 0.0);
        out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %s | %,.0f | %.2f |%n",
                operation,
                ours,
                comparison,
                theirs,
                ours / theirs);
    }

    private void keep(String what, double perSecond) {
        best.merge(what, perSecond, Math::max);
    }

    private static double perSecond(Work work) throws GeneralSecurityException {
        long begin = THREADS.getCurrentThreadCpuTime();
        long done = 0;
        long used;
        do {
            work.run();
            done++;
            used = THREADS.getCurrentThreadCpuTime() - begin;
        } while (used < TURN_NANOS);
        return done * 1e9 / used;
    }

    private static Map<String, Work> works() throws GeneralSecurityException {
        KeyPair rsa = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256);
        KeyPair edwards = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
        byte[] base64 = VerificationLoad.base64(10 * MEGABYTE);
        byte[] shortLines = VerificationLoad.shortLines(10 * MEGABYTE);
        Map<String, Work> works = new LinkedHashMap<>();
        works.put("RSA-2048 signature, with header and field", signing(rsa));
        works.put("Ed25519 signature, with header and field", signing(edwards));
        works.put("RSA-2048 verification", verifying(DkimAlgorithm.RSA_SHA256, rsa));
        works.put("Ed25519 verification", verifying(DkimAlgorithm.ED25519_SHA256, edwards));
        works.put("10 MB in base64, relaxed body hash", () -> hash(base64));
        works.put("10 MB of short lines with double spaces, relaxed body hash", () -> hash(shortLines));
        works.put("SHA-256 of 10 MB", () -> digest(base64));
        return works;
    }

    /** The whole: canonical header, signature, finished field. */
    private static Work signing(KeyPair pair) {
        DkimSigner signer = new DkimSigner(Domain.parse("posthorn.test"), List.of(new DkimKey("s", pair.getPrivate())));
        String bodyHash = "x".repeat(44);
        return () -> signer.sign(HEADER, bodyHash, Instant.EPOCH);
    }

    private static Work verifying(DkimAlgorithm algorithm, KeyPair pair) throws GeneralSecurityException {
        boolean rsa = algorithm == DkimAlgorithm.RSA_SHA256;
        VerifyingKey key = KeyRecord.parse(DkimKeyRecord.text(algorithm, pair.getPublic()))
                .key()
                .orElseThrow();
        Signature by = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
        by.initSign(pair.getPrivate());
        // RFC 8463 3: Ed25519 signs the hash of the data.
        by.update(rsa ? SIGNED : MessageDigest.getInstance("SHA-256").digest(SIGNED));
        byte[] signature = by.sign();
        return () -> {
            if (!key.verifies(SIGNED, signature)) {
                throw new IllegalStateException("a good signature is not accepted");
            }
        };
    }

    private static void hash(byte[] body) {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        for (int i = 0; i < body.length; i += PIECE) {
            hash.update(body, i, Math.min(PIECE, body.length - i));
        }
        hash.finish();
    }

    private static void digest(byte[] body) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < body.length; i += PIECE) {
            digest.update(body, i, Math.min(PIECE, body.length - i));
        }
        digest.digest();
    }

    /** A turn of {@code openssl speed}, which counts CPU time as well; the child is on our core, as it inherits that. */
    private void openssl() throws IOException, InterruptedException {
        for (String line : speed("rsa2048", "ed25519")) {
            String[] part = line.split(":", -1);
            if (line.startsWith("+F2:")) {
                keep("openssl speed, rsa2048 sign", Double.parseDouble(part[3]));
                keep("openssl speed, rsa2048 verify", Double.parseDouble(part[4]));
            } else if (line.startsWith("+F6:")) {
                keep("openssl speed, ed25519 sign", Double.parseDouble(part[4]));
                keep("openssl speed, ed25519 verify", Double.parseDouble(part[5]));
            }
        }
        for (String line : speed("-bytes", Integer.toString(PIECE), "-evp", "sha256")) {
            if (line.startsWith("+F:")) {
                double octets = Double.parseDouble(line.substring(line.lastIndexOf(':') + 1));
                keep("openssl speed, SHA-256 of 10 MB", octets / (10 * MEGABYTE));
            }
        }
    }

    private static List<String> speed(String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl", "speed", "-mr", "-seconds", "1"));
        command.addAll(List.of(what));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = process.inputReader().readAllLines();
        if (process.waitFor() != 0) {
            throw new IOException("openssl speed ends with " + process.exitValue());
        }
        return lines;
    }
}
