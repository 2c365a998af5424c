package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.dkim.PlainVerifier;

/** Messages of any content, in pieces: what we sign, an independent verifier accepts. */
public final class DkimSignFuzz {
    private static final KeyPair PAIR = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
    private static final DkimSigner SIGNER =
            new DkimSigner(Domain.parse("posthorn.test"), List.of(new DkimKey("s", PAIR.getPrivate())));
    private static final Map<String, String> RECORDS =
            Map.of("s._domainkey.posthorn.test", DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, PAIR.getPublic()));

    private DkimSignFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int piece = input.length == 0 ? 1 : 1 + (input[0] & 0xff);
        String message =
                new String(input, StandardCharsets.ISO_8859_1).replace("\r", "").replace("\n", "\r\n");
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        HeaderScanner scanner = new HeaderScanner(1 << 16);
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        for (int i = 0; i < bytes.length; i += piece) {
            int end = Math.min(bytes.length, i + piece);
            int taken = scanner.isComplete() ? 0 : scanner.feed(bytes, i, end - i);
            if (scanner.isComplete()) {
                hash.update(bytes, i + taken, end - i - taken);
            }
        }
        HeaderScanner.Scanned scanned = scanner.scanned();
        boolean signedBefore = scanned.fields().stream().anyMatch(field -> field.is("DKIM-Signature"));
        if (!scanner.isComplete()
                || scanned.stray().isPresent()
                || scanned.fields().isEmpty()
                || signedBefore) {
            return;
        }
        String signature = SIGNER.sign(scanned.fields(), hash.finish(), Instant.EPOCH);
        try {
            List<String> results = PlainVerifier.verify(signature + message, RECORDS);
            if (!results.equals(List.of("pass"))) {
                throw new AssertionError(results + " for " + message);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
