package org.posthorn.directory;

/** A change that cannot be made; the message is for the administrator. */
public final class DirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why it cannot. */
    public enum Reason {
        /** A name or a password that cannot be. */
        INVALID,
        /** It is about a domain, an account or an alias that is not there. */
        NOT_FOUND,
        /** There is one of that name. */
        EXISTS,
        /** Something else still needs it. */
        IN_USE,
        /** The file cannot be read or written. */
        FAILED
    }

    private final Reason reason;

    public DirectoryException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public DirectoryException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The file cannot be read or written. */
    public DirectoryException(String message, Throwable cause) {
        this(Reason.FAILED, message, cause);
    }

    public Reason reason() {
        return reason;
    }
}
