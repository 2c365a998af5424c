package org.posthorn.protocol.dkim;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
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
     * The public key that belongs to a private key.
     *
     * @return empty for a key that is neither RSA nor Ed25519, or does not tell what is needed
     */
    public static Optional<PublicKey> publicKey(PrivateKey key) {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                    Optional.of(KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())));
                case EdECPrivateKey edwards
                when edwards.getBytes().isPresent() ->
                    publicKey(edwards.getBytes().get());
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | IOException e) {
            return Optional.empty();
        }
    }

    /** The JDK does not compute the public half of an Edwards key; Bouncy Castle does (RFC 8032 5.1.5). */
    private static Optional<PublicKey> publicKey(byte[] seed) throws GeneralSecurityException, IOException {
        if (seed.length != ED25519_OCTETS) {
            return Optional.empty();
        }
        byte[] encoded = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                        new Ed25519PrivateKeyParameters(seed).generatePublicKey())
                .getEncoded();
        return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    }

    /**
     * The algorithm that a private key signs with.
     *
     * @return empty for a key that is neither RSA nor Ed25519
     */
    public static Optional<DkimAlgorithm> algorithm(PrivateKey key) {
        return publicKey(key)
                .map(known -> known instanceof RSAPublicKey ? DkimAlgorithm.RSA_SHA256 : DkimAlgorithm.ED25519_SHA256);
    }

    /**
     * The text of the record that belongs to a private key.
     *
     * @return empty as for {@link #publicKey}
     */
    public static Optional<String> text(PrivateKey key) {
        return algorithm(key).flatMap(algorithm -> publicKey(key).map(known -> text(algorithm, known)));
    }
}
