/**
 * Certificates and the private keys that belong to them, as PEM files (RFC 7468), and the TLS contexts made of them.
 *
 * <p>{@link org.posthorn.certificates.ServerCertificates} makes a {@link org.posthorn.net.TlsContext} that listeners share, and
 * chooses the certificate by the name that the client asks for (RFC 6066 3). They are read once; a reload reads the files again and has
 * listeners use the others from the next connection on. {@link org.posthorn.certificates.OwnAuthority}
 * makes a certificate authority and a certificate for where there are none, for demonstrations and tests.
 *
 * <p>Limits: TLS 1.2 and 1.3 (RFC 8996). Failure: {@link org.posthorn.certificates.CertificateException} says which file is
 * wrong and how. Bouncy Castle is loaded only when a certificate must be
 * made.
 */
@NullMarked
package org.posthorn.certificates;

import org.jspecify.annotations.NullMarked;
