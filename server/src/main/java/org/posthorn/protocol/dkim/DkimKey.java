package org.posthorn.protocol.dkim;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A private key, ready to sign. Thread-safe. A native copy of the key is made once and freed when this object is no longer
 * in use.
 */
public final class DkimKey {
    private static final Pattern SELECTOR = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,3}");

    private final String selector;
    private final DkimAlgorithm algorithm;
    private final PrivateKey key;
    private final Optional<LibCrypto.Key> nativeKey;

    /**
     * @param selector for {@code s=}
     * @param key RSA of at least 1,024 bits, or Ed25519
     * @throws IllegalArgumentException for another kind of key, an RSA key that is too short, or what is no selector
     */
    public DkimKey(String selector, PrivateKey key) {
        this(selector, key, LibCrypto.loaded());
    }

    DkimKey(String selector, PrivateKey key, Optional<LibCrypto> crypto) {
        if (!isSelector(selector)) {
            throw new IllegalArgumentException("not a selector: " + selector);
        }
        this.selector = selector;
        this.algorithm = algorithmOf(key);
        this.key = key;
        this.nativeKey = crypto.flatMap(c -> c.key(key.getEncoded()));
    }

    /** Whether this is one to four labels (RFC 6376 3.1); an underscore is in use too. */
    public static boolean isSelector(String text) {
        return SELECTOR.matcher(text).matches();
    }

    private static DkimAlgorithm algorithmOf(PrivateKey key) {
        if (key instanceof RSAPrivateKey rsa) {
            // RFC 8301 3.2: signers use at least 1,024 bits, and should use 2,048.
            if (rsa.getModulus().bitLength() < 1024) {
                throw new IllegalArgumentException("RSA key of fewer than 1024 bits");
            }
            return DkimAlgorithm.RSA_SHA256;
        }
        if (key instanceof EdECPrivateKey edwards
                && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            return DkimAlgorithm.ED25519_SHA256;
        }
        throw new IllegalArgumentException("neither an RSA nor an Ed25519 key");
    }

    public String selector() {
        return selector;
    }

    public DkimAlgorithm algorithm() {
        return algorithm;
    }

    /** Whether libcrypto does the work. */
    boolean isNative() {
        return nativeKey.isPresent();
    }

    /** Signs text (ISO 8859-1); the result is in base64. */
    String sign(String text) {
        byte[] data = text.getBytes(StandardCharsets.ISO_8859_1);
        // RFC 8463 3: Ed25519 signs the SHA-256 of the data; RSA's padding holds the hash itself.
        byte[] input =
                algorithm == DkimAlgorithm.ED25519_SHA256 ? BodyHash.sha256().digest(data) : data;
        byte[] signature = nativeKey.map(k -> k.sign(input)).orElseGet(() -> signWithJdk(input));
        return Base64.getEncoder().encodeToString(signature);
    }

    private byte[] signWithJdk(byte[] input) {
        try {
            Signature signer =
                    Signature.getInstance(algorithm == DkimAlgorithm.RSA_SHA256 ? "SHA256withRSA" : "Ed25519");
            signer.initSign(key);
            signer.update(input);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was accepted does not sign", e);
        }
    }
}
