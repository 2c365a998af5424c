package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dkim.DkimVerifier;

/** Messages of any content: every signature gets a verdict, in pieces as in one, and none of them passes by chance. */
public final class DkimVerifyFuzz {
    private static final KeyPair PAIR = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
    private static final String START =
            "DKIM-Signature: v=1; a=ed25519-sha256; d=posthorn.test; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA; ";

    private DkimVerifyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text =
                new String(input, StandardCharsets.ISO_8859_1).replace("\r", "").replace("\n", "\r\n");
        byte[] message = (START + text).getBytes(StandardCharsets.ISO_8859_1);
        List<DkimVerdict> whole = verify(message, message.length);
        List<DkimVerdict> pieces = verify(message, 1 + message.length % 7);
        if (!whole.equals(pieces)) {
            throw new AssertionError(whole + " is not " + pieces);
        }
        if (whole.stream().anyMatch(DkimVerdict::passed)) {
            throw new AssertionError("a forged signature passes: " + whole);
        }
    }

    private static List<DkimVerdict> verify(byte[] message, int piece) {
        ZoneResolver dns = new ZoneResolver()
                .withTxt(
                        "s._domainkey.posthorn.test",
                        DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, PAIR.getPublic()));
        HeaderScanner scanner = new HeaderScanner(1 << 16);
        int bodyStart = scanner.feed(message, 0, message.length);
        DkimVerifier.Verification verification =
                new DkimVerifier(dns).begin(scanner.scanned().fields());
        for (int i = bodyStart; i < message.length; i += piece) {
            verification.body(message, i, Math.min(piece, message.length - i));
        }
        return verification.finish(Instant.EPOCH);
    }
}
