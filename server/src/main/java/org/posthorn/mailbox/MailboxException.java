package org.posthorn.mailbox;

import java.util.Locale;

/** A request about mailboxes that cannot be met; each reason has a response code in IMAP (RFC 5530). */
public final class MailboxException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why not. */
    public enum Reason {
        NONEXISTENT,
        ALREADY_EXISTS,
        /** Never possible: the name is not allowed, INBOX cannot be deleted, ... */
        CANNOT,
        /** The mailbox has children, so that it cannot go. */
        HAS_CHILDREN,
        /** A limit is reached: too many mailboxes, keywords, or a message too large. */
        LIMIT,
        OVER_QUOTA,
        READ_ONLY
    }

    private final Reason reason;

    /** Whether a failure means that the disk is full, or what the system lets this user have of it. */
    public static boolean isNoRoom(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("disk is full")) {
                return true;
            }
        }
        return false;
    }

    public MailboxException(Reason reason, String text) {
        super(text, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
