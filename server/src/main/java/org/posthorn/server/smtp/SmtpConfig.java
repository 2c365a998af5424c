package org.posthorn.server.smtp;

import org.posthorn.config.MessageSize;
import org.posthorn.config.Section;

/**
 * What one SMTP port does.
 *
 * @param hostname the name we go by in the greeting and in EHLO
 * @param maxMessageSize octets, announced with SIZE
 */
public record SmtpConfig(SmtpRole role, String hostname, long maxMessageSize, SmtpLimits limits, SmtpTimes times) {
    public SmtpConfig {
        // RFC 5321 4.5.3.1.7: a server must take at least 64 KiB.
        if (maxMessageSize < 64 << 10) {
            throw new IllegalArgumentException("RFC 5321 4.5.3.1.7 demands room for messages of 64 KiB");
        }
    }

    /** Reads {@code [smtp]}, which both roles have in common. */
    public static SmtpConfig read(Section section, SmtpRole role, String hostname) {
        return new SmtpConfig(
                role, hostname, MessageSize.read(section), SmtpLimits.read(section), SmtpTimes.read(section));
    }
}
