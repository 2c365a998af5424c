/**
 * The Authentication-Results field (RFC 8601) as values: read, written, and recognised as a forgery of ours. The methods are
 * those of RFC 8601 2.7 (auth, dkim, iprev, spf), RFC 6008 (dkim's header.b), RFC 8617 (arc) and RFC 9989 (dmarc).
 *
 * <p>Reading keeps to the grammar but for what follows the equals sign of a property, where the world writes addresses and
 * base64 without quotes. Writing keeps to all of it: what is no token is quoted, lines are folded at 78 characters where they can be.
 *
 * <p>Limits: 64 Ki characters, 100 results, 50 properties of each. Failure: a malformed field is empty, never an exception.
 */
@NullMarked
package org.posthorn.protocol.authres;

import org.jspecify.annotations.NullMarked;
