package org.posthorn.protocol.dkim;

import java.util.Arrays;
import java.util.Optional;

/** The signing algorithms in use (RFC 8301, RFC 8463); rsa-sha1 is history. */
public enum DkimAlgorithm {
    RSA_SHA256("rsa-sha256", "rsa"),
    ED25519_SHA256("ed25519-sha256", "ed25519");

    private final String tag;
    private final String keyType;

    DkimAlgorithm(String tag, String keyType) {
        this.tag = tag;
        this.keyType = keyType;
    }

    /** For {@code a=} of a signature. */
    public String tag() {
        return tag;
    }

    /** The one of that name in lower case. */
    static Optional<DkimAlgorithm> find(String tag) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.tag.equals(tag))
                .findFirst();
    }

    /** For {@code k=} of a key record. */
    public String keyType() {
        return keyType;
    }
}
