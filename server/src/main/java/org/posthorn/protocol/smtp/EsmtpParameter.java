package org.posthorn.protocol.smtp;

import java.util.Optional;

/**
 * A parameter of MAIL or RCPT (RFC 5321 4.1.2 esmtp-param).
 *
 * @param keyword in upper case
 * @param value as sent
 */
public record EsmtpParameter(String keyword, Optional<String> value) {}
