package org.posthorn.protocol.dkim;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.posthorn.mail.Domain;

/** Keys and what DNS says of them (RFC 6376 3.6.1). */
public final class DkimKeyRecord {
    private static final int RSA_BITS = 2048;
    private static final int ED25519_OCTETS = 32;

    private DkimKeyRecord() {}

    /** Makes a key: RSA of 2,048 bits, which DNS and all verifiers can carry, or Ed25519. */
    public static KeyPair generate(DkimAlgorithm algorithm) {
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(algorithm == DkimAlgorithm.RSA_SHA256 ? "RSA" : "Ed25519");
            if (algorithm == DkimAlgorithm.RSA_SHA256) {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA and Ed25519", e);
        }
    }

    /** Where the record goes. */
    public static String name(String selector, Domain domain) {
        return selector + "._domainkey." + domain.name();
    }

    /** The text of the record. */
    public static String text(DkimAlgorithm algorithm, PublicKey key) {
        byte[] encoded = key.getEncoded();
        // RFC 8463 4: for Ed25519 the record holds the bare key, which ends its SubjectPublicKeyInfo.
        byte[] published = algorithm == DkimAlgorithm.ED25519_SHA256
                ? Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length)
                : encoded;
        return "v=DKIM1; k=" + algorithm.keyType() + "; p="
                + Base64.getEncoder().encodeToString(published);
    }

    /**
     * The public key that belongs to a private RSA key.
     *
     * @return empty for a key that does not tell its public exponent, and for Ed25519, whose public key the JDK does not
     *     compute
     */
    public static Optional<PublicKey> publicKey(PrivateKey key) {
        if (!(key instanceof RSAPrivateCrtKey rsa)) {
            return Optional.empty();
        }
        BigInteger exponent = rsa.getPublicExponent();
        try {
            return Optional.of(
                    KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(rsa.getModulus(), exponent)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
