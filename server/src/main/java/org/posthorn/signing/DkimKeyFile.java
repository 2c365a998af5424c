package org.posthorn.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimKeyRecord;

/**
 * A signing key of a domain.
 *
 * @param domain for {@code d=}
 * @param selector for {@code s=}: the public key lies at {@code selector._domainkey.domain}
 * @param privateKey the PEM file, without passphrase, readable to the server alone
 */
public record DkimKeyFile(Domain domain, String selector, Path privateKey) {
    /**
     * The text to publish in its TXT record, made from the private half.
     *
     * @throws IOException the file cannot be read, or holds neither an RSA nor an Ed25519 key
     */
    public String record() throws IOException {
        try {
            PrivateKey key = PrivateKeys.parse(Files.readString(privateKey, StandardCharsets.ISO_8859_1));
            return DkimKeyRecord.text(key)
                    .orElseThrow(() -> new IOException(privateKey + ": neither an RSA nor an Ed25519 key for DKIM"));
        } catch (PemException e) {
            throw new IOException(privateKey + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("cannot read the DKIM key " + privateKey + ": " + e.getMessage(), e);
        }
    }
}
