package org.posthorn.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 3): enough to check a client's proof and to prove itself,
 * not enough to log in elsewhere. Immutable.
 */
public final class ScramKeys {
    /** PBKDF2 rounds of new keys. RFC 7677 4 asks for 4,096 at least; a client pays them at each login. */
    public static final int ITERATIONS = 15_000;

    /** Octets of the salt of new keys. */
    public static final int SALT_LENGTH = 16;

    private static final int KEY_LENGTH = 32;

    private final byte[] salt;
    private final int iterations;
    private final byte[] storedKey;
    private final byte[] serverKey;

    /**
     * @param salt 1 to 64 octets
     * @param iterations 4,096 to 10,000,000
     * @param storedKey 32 octets
     * @param serverKey 32 octets
     */
    public ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
        if (salt.length < 1
                || salt.length > 64
                || iterations < 4096
                || iterations > 10_000_000
                || storedKey.length != KEY_LENGTH
                || serverKey.length != KEY_LENGTH) {
            throw new IllegalArgumentException("SCRAM keys out of bounds");
        }
        this.salt = salt.clone();
        this.iterations = iterations;
        this.storedKey = storedKey.clone();
        this.serverKey = serverKey.clone();
    }

    /** Makes the keys of a password, which {@link SaslPrep} has prepared. Costs milliseconds of CPU, as it should. */
    public static ScramKeys derive(String password, byte[] salt, int iterations) {
        byte[] salted = saltedPassword(password, salt, iterations);
        byte[] storedKey = sha256(hmac(salted, "Client Key"));
        byte[] serverKey = hmac(salted, "Server Key");
        Arrays.fill(salted, (byte) 0);
        return new ScramKeys(salt, iterations, storedKey, serverKey);
    }

    private static byte[] saltedPassword(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_LENGTH * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    public byte[] salt() {
        return salt.clone();
    }

    public int iterations() {
        return iterations;
    }

    public byte[] storedKey() {
        return storedKey.clone();
    }

    public byte[] serverKey() {
        return serverKey.clone();
    }

    /** Keys with the same salt and iteration count that no proof fits. */
    public ScramKeys withoutProof() {
        return new ScramKeys(salt, iterations, hmac(storedKey, "without proof"), hmac(serverKey, "without proof"));
    }

    /** Whether the proof is that of a client that knows the password; constant time. */
    boolean accepts(byte[] proof, String authMessage) {
        if (proof.length != KEY_LENGTH) {
            return false;
        }
        byte[] clientKey = hmac(storedKey, authMessage);
        for (int i = 0; i < KEY_LENGTH; i++) {
            clientKey[i] ^= proof[i];
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    byte[] serverSignature(String authMessage) {
        return hmac(serverKey, authMessage);
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
