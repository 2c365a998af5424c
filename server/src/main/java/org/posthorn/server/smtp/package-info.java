/**
 * SMTP as a server, on the port for mail from elsewhere and on the submission ports (RFC 5321, 6409, 8314), and LMTP (2033), with the
 * extensions PIPELINING (2920), SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531), ENHANCEDSTATUSCODES (2034), STARTTLS (3207) and
 * AUTH (4954). {@link org.posthorn.server.smtp.SmtpServer} makes a session for each connection; the session reads commands
 * and hands each to the class of that name. What becomes of the mail is the {@link org.posthorn.intake.MessageIntake}'s business.
 *
 * <p>Limits: {@link org.posthorn.server.smtp.SmtpLimits} and {@link org.posthorn.server.smtp.SmtpTimes} bound every line, wait and
 * count; a message takes the memory of one buffer whatever its size. Bare CR and LF are refused everywhere, and what was
 * sent in plain behind STARTTLS is dropped.
 *
 * <p>Failure: what the client did wrong is answered with 5xx; too many errors, or a limit of time, end the session with 421.
 * What is wrong on our side is 4xx with a line in the log. 250 after DATA means that the message is on stable storage.
 */
@NullMarked
package org.posthorn.server.smtp;

import org.jspecify.annotations.NullMarked;
