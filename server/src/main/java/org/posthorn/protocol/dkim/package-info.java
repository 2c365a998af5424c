/**
 * DomainKeys Identified Mail (RFC 6376), rsa-sha256 (RFC 8301) and ed25519-sha256 (RFC 8463), domains and identities outside
 * ASCII (RFC 8616): signing and verifying.
 *
 * <p>{@link org.posthorn.protocol.dkim.BodyHash} takes the body as it passes by, in pieces of any size and in constant
 * memory; {@link org.posthorn.protocol.dkim.DkimSigner} then makes one DKIM-Signature for each key of a domain over the
 * same body hash and the same signed header, relaxed/relaxed unless its {@link org.posthorn.protocol.dkim.SigningStyle} says otherwise.
 *
 * <p>{@link org.posthorn.protocol.dkim.DkimVerifier} reads the signatures when the header is there, has all body hashes that
 * they need computed in one pass ({@link org.posthorn.protocol.dkim.BodyHashes}, which ARC shares), and judges each when
 * the body is over. Bounds: 20 signatures, two body hashes and six of parts, 100 tags, 1,000 names in {@code h=}, key records of 16,384
 * characters, four at a name.
 *
 * <p>Signatures are made by OpenSSL's libcrypto.so.3 through the foreign function interface where it is installed (four
 * times as fast for RSA as the JDK, more for Ed25519) and by the JDK elsewhere, with the same result. A native call holds
 * its carrier thread for as long as the signature takes, well under a millisecond.
 *
 * <p>Pure otherwise: no sockets, no files, no clock. Failure: a key that cannot sign is refused when it is read; signing
 * does not fail. Nothing in a message or in DNS makes verification throw: it becomes a verdict, temporary or permanent.
 */
@NullMarked
package org.posthorn.protocol.dkim;

import org.jspecify.annotations.NullMarked;
