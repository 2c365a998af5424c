package org.posthorn.directory;

import java.nio.file.Path;
import org.posthorn.mail.Domain;

/**
 * A signing key of a domain.
 *
 * @param domain for {@code d=}
 * @param selector for {@code s=}: the public key lies at {@code selector._domainkey.domain}
 * @param privateKey the PEM file, readable to the server alone
 */
public record DkimKeyFile(Domain domain, String selector, Path privateKey) {}
