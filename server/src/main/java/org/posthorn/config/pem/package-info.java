/**
 * Private keys in PEM files (RFC 7468): PKCS#8 (RFC 5958) for RSA, EC and Ed25519, and the older PKCS#1 (RFC 8017) and SEC 1
 * (RFC 5915) forms that OpenSSL writes. Read with the JDK alone, so that no provider has to be loaded at start.
 * Encrypted keys are refused. Failure: {@link org.posthorn.config.pem.PemException}, whose text never holds key
 * material.
 */
@NullMarked
package org.posthorn.config.pem;

import org.jspecify.annotations.NullMarked;
