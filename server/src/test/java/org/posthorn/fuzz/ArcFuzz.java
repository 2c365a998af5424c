package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.arc.ArcVerifier;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;

/** Messages with any chain: none passes by chance, and what we seal has the status that the seal says. */
public final class ArcFuzz {
    private static final KeyPair PAIR = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
    private static final ArcSealer SEALER =
            new ArcSealer(Domain.parse("posthorn.test"), new DkimKey("s", PAIR.getPrivate()));

    private ArcFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text =
                new String(input, StandardCharsets.ISO_8859_1).replace("\r", "").replace("\n", "\r\n");
        byte[] message = ("From: a@posthorn.test\r\n" + text).getBytes(StandardCharsets.ISO_8859_1);
        ArcVerdict before = verify(message);
        if (before.passed()) {
            throw new AssertionError("a forged chain passes: " + before);
        }
        Optional<String> sealed = seal(message, before);
        if (sealed.isEmpty()) {
            return;
        }
        byte[] all =
                (sealed.get() + new String(message, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        ArcVerdict after = verify(all);
        ArcResult expected = before.result() == ArcResult.NONE ? ArcResult.PASS : ArcResult.FAIL;
        if (after.result() != expected || (expected == ArcResult.FAIL) != after.closed()) {
            throw new AssertionError(before + " is sealed to " + after);
        }
    }

    private static HeaderScanner scan(byte[] message) {
        HeaderScanner scanner = new HeaderScanner(1 << 16);
        int _ = scanner.feed(message, 0, message.length);
        return scanner;
    }

    private static int bodyStart(byte[] message) {
        HeaderScanner scanner = new HeaderScanner(1 << 16);
        int taken = scanner.feed(message, 0, message.length);
        return scanner.isComplete() ? taken : message.length;
    }

    private static ArcVerdict verify(byte[] message) {
        ZoneResolver dns = new ZoneResolver()
                .withTxt(
                        "s._domainkey.posthorn.test",
                        DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, PAIR.getPublic()));
        ArcVerifier.Verification verification =
                new ArcVerifier(dns).begin(scan(message).scanned().fields());
        int start = bodyStart(message);
        verification.body(message, start, message.length - start);
        return verification.finish(Instant.EPOCH);
    }

    private static Optional<String> seal(byte[] message, ArcVerdict verdict) {
        List<HeaderField> fields = scan(message).scanned().fields();
        boolean plain = scan(message).isComplete()
                && fields.stream().allMatch(field -> field.raw().contains(":"));
        if (!plain) {
            return Optional.empty();
        }
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        int start = bodyStart(message);
        hash.update(message, start, message.length - start);
        return SEALER.seal(fields, verdict, "posthorn.test; none", hash.finish(), Instant.EPOCH);
    }
}
