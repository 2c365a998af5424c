package org.posthorn.protocol.dkim;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** A public key, ready to verify: by libcrypto where it is installed, by the JDK elsewhere. Thread-safe. */
public final class VerifyingKey {
    private final PublicKey key;
    private final boolean rsa;
    private final Optional<LibCrypto.PublicKey> nativeKey;

    VerifyingKey(PublicKey key, Optional<LibCrypto> crypto) {
        this.key = key;
        this.rsa = key instanceof RSAPublicKey;
        this.nativeKey = crypto.flatMap(c -> c.publicKey(key.getEncoded()));
    }

    /** The key itself, e.g. to compare it with one of ours. */
    public PublicKey key() {
        return key;
    }

    boolean isNative() {
        return nativeKey.isPresent();
    }

    /** Whether the signature is of this data (for Ed25519: of its SHA-256, RFC 8463 3). */
    public boolean verifies(byte[] data, byte[] signature) {
        byte[] input = rsa ? data : BodyHash.sha256().digest(data);
        return nativeKey.map(k -> k.verifies(input, signature)).orElseGet(() -> verifiesByJdk(input, signature));
    }

    private boolean verifiesByJdk(byte[] input, byte[] bytes) {
        try {
            Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
            verifier.initVerify(key);
            verifier.update(input);
            return verifier.verify(bytes);
        } catch (GeneralSecurityException e) {
            // The JDK throws for a signature of the wrong length.
            return false;
        }
    }
}
