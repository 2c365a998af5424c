/**
 * The Authenticated Received Chain (RFC 8617): what those who handed a message on, and perhaps changed it, say of how it
 * reached them, sealed by each; verified and continued.
 *
 * <p>{@link org.posthorn.protocol.arc.ArcVerifier} gives an {@link org.posthorn.protocol.arc.ArcVerdict} of a message that streams
 * by: its body is hashed once for all signatures of DKIM and ARC ({@link org.posthorn.protocol.dkim.BodyHashes}).
 * {@link org.posthorn.protocol.arc.ArcSealer} adds our own set to the chain.
 *
 * <p>A verdict says that the chain is whole, not that its sealers tell the truth: whom to trust is for others to decide. All
 * failures are permanent, that of a key look-up too (RFC 8617 5.2.1).
 *
 * <p>Bounds: 50 sets, of which a chain may have no more; two key look-ups for each, none after the first failure; the header's
 * size is for the caller to limit. Pure: no sockets, no files, no clock. Nothing in a message or in DNS makes it throw.
 */
@NullMarked
package org.posthorn.protocol.arc;

import org.jspecify.annotations.NullMarked;
