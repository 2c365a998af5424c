package org.posthorn.mailbox;

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

    public MailboxException(Reason reason, String text) {
        super(text, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
