package org.posthorn.protocol.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The SHA-256 of a canonical body, computed while it streams by in constant memory. All signatures with the same
 * canonicalization and length share one. Used by one thread; the result comes once.
 */
public final class BodyHash {
    private final MessageDigest digest;
    private final BodyCanonicalizer canonicalizer;
    private long remaining;
    private long canonicalLength;

    public BodyHash(Canonicalization form) {
        this(form, Long.MAX_VALUE);
    }

    /** @param limit octets of the canonical body that count: the {@code l=} of a signature to verify */
    public BodyHash(Canonicalization form, long limit) {
        this.digest = sha256();
        this.remaining = limit;
        this.canonicalizer = new BodyCanonicalizer(form, this::take);
    }

    private void take(byte[] bytes, int offset, int length) {
        canonicalLength += length;
        int counted = (int) Math.min(remaining, length);
        digest.update(bytes, offset, counted);
        remaining -= counted;
    }

    /** The next bytes of the body, which begins after the empty line; CRLF form. */
    public void update(byte[] bytes, int offset, int length) {
        canonicalizer.update(bytes, offset, length);
    }

    /** The hash that the body would have if it ended here, at the beginning of a line, perhaps with one more line; base64. */
    String ifEndedHere(byte[] last) {
        try {
            MessageDigest copy = (MessageDigest) digest.clone();
            canonicalizer.endHere(last, copy::update);
            return Base64.getEncoder().encodeToString(copy.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    /** The body is over: its hash in base64, for {@code bh=}. */
    public String finish() {
        canonicalizer.finish();
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    /** Octets of the canonical body so far: a signature whose {@code l=} exceeds it in the end is not valid. */
    public long canonicalLength() {
        return canonicalLength;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
