package org.posthorn.config;

/** How large a message may be, over SMTP and in IMAP's APPEND alike, {@code smtp.max-message-size}. */
public final class MessageSize {
    /** Octets, unless configured: 100 MiB. */
    public static final long DEFAULT = 100L << 20;

    private MessageSize() {}

    /** Reads it from {@code [smtp]}, in octets. */
    public static long read(Section smtp) {
        // RFC 5321 4.5.3.1.7: a server must take at least 64 KiB.
        return smtp.size("max-message-size", DEFAULT, "64 KiB", "2 GiB");
    }
}
