/**
 * Values of mail: addresses and domains as an envelope carries them (RFC 5321, RFC 6531, RFC 5890), envelopes, the bytes of a
 * message, and its header (RFC 5322, RFC 2047, RFC 2231). Nothing here knows a protocol or keeps state.
 *
 * <p>What an envelope carries is strict: anything malformed throws {@link org.posthorn.mail.MalformedAddressException} and
 * nothing else. What a header carries is read leniently, for mail of any age and make must be shown: malformed fields yield
 * what can be made of them, never an exception. Every reader is bounded; the limits stand beside it.
 */
@NullMarked
package org.posthorn.mail;

import org.jspecify.annotations.NullMarked;
