package org.posthorn.server.smtp;

/**
 * What one SMTP port does.
 *
 * @param hostname the name we go by in the greeting and in EHLO
 * @param maxMessageSize octets, announced with SIZE; the default of 50 MiB is {@link #MAX_MESSAGE_SIZE}
 */
public record SmtpConfig(SmtpRole role, String hostname, long maxMessageSize, SmtpLimits limits, SmtpTimes times) {
    public static final long MAX_MESSAGE_SIZE = 50L << 20;

    public SmtpConfig {
        // RFC 5321 4.5.3.1.7: a server must take at least 64 KiB.
        if (maxMessageSize < 64 << 10) {
            throw new IllegalArgumentException("RFC 5321 4.5.3.1.7 demands room for messages of 64 KiB");
        }
    }

    /** Everything by default. */
    public static SmtpConfig of(SmtpRole role, String hostname) {
        return new SmtpConfig(role, hostname, MAX_MESSAGE_SIZE, SmtpLimits.DEFAULT, SmtpTimes.DEFAULT);
    }
}
