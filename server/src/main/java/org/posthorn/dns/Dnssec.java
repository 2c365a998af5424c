package org.posthorn.dns;

/** How it is decided whether an answer is secure. */
public enum Dnssec {
    /** Not at all: every answer is insecure. */
    OFF,
    /** As the server says with the AD bit (RFC 6840 5.8), where the server is on this machine and thus the way to it is safe. */
    TRUST_AD,
    /** By checking the signatures ourselves, from the trust anchors down. Where that cannot be done, look-ups fail. */
    VALIDATE,
    /** {@link #VALIDATE} as soon as the servers have once shown the signed root keys; until then {@link #TRUST_AD}. */
    AUTO
}
