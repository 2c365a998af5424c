/**
 * The client's side of SMTP (RFC 5321): one connection to one server, over which messages are sent one after another.
 * Extensions used where the server has them: PIPELINING (RFC 2920), SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531),
 * STARTTLS (3207), AUTH PLAIN and LOGIN (4954), enhanced status codes (2034).
 *
 * <p>What becomes of each recipient is a value ({@link org.posthorn.client.smtp.SmtpResult}); that a server cannot be
 * talked to is a {@link org.posthorn.client.smtp.SmtpSessionException}, after which another server may be tried.
 *
 * <p>Limits: the times of RFC 5321 4.5.3.2 for each reply as a whole (a server that drips octets gains nothing) and for
 * each write; 2,048 octets a line and 128 lines a reply; memory does not depend on the message's size.
 */
@NullMarked
package org.posthorn.client.smtp;

import org.jspecify.annotations.NullMarked;
