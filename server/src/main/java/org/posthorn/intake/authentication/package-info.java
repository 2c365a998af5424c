/**
 * Who stands behind a message that comes in: the name of the client's address (iprev, RFC 8601 3), SPF (RFC 7208) for MAIL FROM and HELO,
 * DKIM (RFC 6376) and DMARC (RFC 9989), all in one {@link org.posthorn.intake.authentication.Authentication}. Used by the inbound pipeline and by
 * whoever else sees messages pass.
 *
 * <p>Look-ups run on virtual threads while the message arrives, and the body goes by without being kept. Limits: look-ups under way at a
 * time (more are not begun), one time limit for all look-ups of a message. Failure: what cannot be found out in time is temperror, never an exception.
 */
@NullMarked
package org.posthorn.intake.authentication;

import org.jspecify.annotations.NullMarked;
