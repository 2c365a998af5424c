package org.posthorn.zone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;

/** The records of keys that are only there as files with the private half. */
public final class SigningKeys {
    private SigningKeys() {}

    /**
     * What to publish for a private key, RSA or Ed25519.
     *
     * @param pem the file, without passphrase
     * @throws IOException it cannot be read, or holds no such key
     */
    public static DomainFacts.DkimText ofFile(String selector, Path pem) throws IOException {
        try {
            PrivateKey key = PrivateKeys.parse(Files.readString(pem, StandardCharsets.ISO_8859_1));
            if (key instanceof EdECPrivateKey edwards) {
                return new DomainFacts.DkimText(
                        selector, DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, publicKey(edwards)));
            }
            PublicKey known = DkimKeyRecord.publicKey(key)
                    .orElseThrow(() -> new IOException(pem + ": neither an RSA nor an Ed25519 key for DKIM"));
            return new DomainFacts.DkimText(selector, DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, known));
        } catch (PemException | GeneralSecurityException e) {
            throw new IOException(pem + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("cannot read the DKIM key " + pem + ": " + e.getMessage(), e);
        }
    }

    /** The JDK does not compute the public half of an Edwards key; Bouncy Castle does (RFC 8032 5.1.5). */
    private static PublicKey publicKey(EdECPrivateKey key) throws GeneralSecurityException, IOException {
        byte[] seed =
                key.getBytes().orElseThrow(() -> new GeneralSecurityException("the key does not tell its octets"));
        if (seed.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
            throw new GeneralSecurityException("not an Ed25519 key");
        }
        byte[] encoded = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                        new Ed25519PrivateKeyParameters(seed).generatePublicKey())
                .getEncoded();
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
