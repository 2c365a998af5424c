package org.posthorn.client.smtp;

import java.time.Duration;

/**
 * How long a server may take. A reply must be there whole within its time.
 *
 * @param connect until the connection stands
 * @param greeting until the 220 (RFC 5321 4.5.3.2.1)
 * @param command until the reply to EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET (4.5.3.2.2, 4.5.3.2.3) and the end of the TLS handshake
 * @param dataStart until the 354 (4.5.3.2.4)
 * @param block for one write to be taken (4.5.3.2.5)
 * @param dataEnd until the reply to the final dot (4.5.3.2.6)
 * @param quit until the reply to QUIT; nothing depends on it
 */
public record SmtpTimeouts(
        Duration connect,
        Duration greeting,
        Duration command,
        Duration dataStart,
        Duration block,
        Duration dataEnd,
        Duration quit) {
    /** 30 seconds to connect, 2 seconds for QUIT, otherwise the times of RFC 5321 4.5.3.2. */
    public static final SmtpTimeouts STANDARD = new SmtpTimeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10),
            Duration.ofSeconds(2));

    /** The same limit for everything. */
    public static SmtpTimeouts all(Duration limit) {
        return new SmtpTimeouts(limit, limit, limit, limit, limit, limit, limit);
    }
}
