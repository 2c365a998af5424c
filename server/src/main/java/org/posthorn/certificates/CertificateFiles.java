package org.posthorn.certificates;

import java.nio.file.Path;

/**
 * Where a certificate lies.
 *
 * @param chain PEM: the server's certificate first, then those between it and the authority
 * @param key PEM: its private key without a passphrase, RSA, EC or Ed25519; may be the same file
 */
public record CertificateFiles(Path chain, Path key) {}
