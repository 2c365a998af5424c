package org.posthorn.signing;

/** A change of signing keys that cannot be made; the message is for the administrator. */
public final class DkimKeyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why it cannot. */
    public enum Reason {
        /** A key or a selector that cannot be. */
        INVALID,
        /** It is about a domain or a key that is not there. */
        NOT_FOUND,
        /** There is a key of that selector. */
        EXISTS,
        /** The keys that are there do not allow it. */
        CONFLICT,
        /** A file cannot be read or written. */
        FAILED
    }

    private final Reason reason;

    public DkimKeyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** A file cannot be read or written. */
    public DkimKeyException(String message, Throwable cause) {
        super(message, cause);
        this.reason = Reason.FAILED;
    }

    public Reason reason() {
        return reason;
    }
}
