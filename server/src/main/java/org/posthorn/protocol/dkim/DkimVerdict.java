package org.posthorn.protocol.dkim;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to be said of one signature.
 *
 * @param domain {@code d=}, in A-labels; "" where the signature cannot be read
 * @param selector {@code s=}
 * @param identity {@code i=}
 * @param algorithm {@code a=}
 * @param reason why it did not pass, or what is remarkable about it, for people; "" for a plain pass
 * @param keyBits length of the key; 0 when it was not found
 * @param testing the key's domain says that it is only trying DKIM out ({@code t=y})
 * @param covered {@code l=}: octets of the body that are covered, where that is not all
 * @param signature the first characters of {@code b=}, which tell signatures apart (RFC 6008)
 */
public record DkimVerdict(
        DkimResult result,
        String domain,
        String selector,
        String identity,
        String algorithm,
        String reason,
        int keyBits,
        boolean testing,
        OptionalLong covered,
        String signature) {
    private static final int SHOWN_SIGNATURE = 8;

    static DkimVerdict unreadable(DkimResult result, String reason) {
        return new DkimVerdict(result, "", "", "", "", reason, 0, false, OptionalLong.empty(), "");
    }

    static DkimVerdict of(DkimSignature signature, DkimResult result, String reason, Optional<KeyRecord> key) {
        return new DkimVerdict(
                result,
                signature.domain().name(),
                signature.selector(),
                signature.identity(),
                signature.algorithm(),
                reason,
                key.map(KeyRecord::bits).orElse(0),
                key.map(KeyRecord::testing).orElse(false),
                signature.length(),
                signature
                        .signature()
                        .substring(
                                0,
                                Math.min(SHOWN_SIGNATURE, signature.signature().length())));
    }

    public boolean passed() {
        return result == DkimResult.PASS;
    }
}
