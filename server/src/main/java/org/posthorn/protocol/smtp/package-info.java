/**
 * The grammar of SMTP (RFC 5321, 2034, 3461, 3463, 6531): replies, commands and their parameters, the form of data. Pure:
 * no sockets, no files, no clock. Malformed input throws {@link org.posthorn.protocol.smtp.SmtpSyntaxException} and
 * nothing else; every element has a length limit.
 */
@NullMarked
package org.posthorn.protocol.smtp;

import org.jspecify.annotations.NullMarked;
