package org.posthorn.zone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;
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
            return new DomainFacts.DkimText(
                    selector,
                    DkimKeyRecord.text(key)
                            .orElseThrow(() -> new IOException(pem + ": neither an RSA nor an Ed25519 key for DKIM")));
        } catch (PemException e) {
            throw new IOException(pem + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("cannot read the DKIM key " + pem + ": " + e.getMessage(), e);
        }
    }
}
