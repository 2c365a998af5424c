package org.posthorn.admin;

/** Why something cannot be done, in a line for the administrator. */
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1;

    /** What kind of reason it is. */
    public enum Kind {
        /** The request says something that cannot be meant. */
        INVALID,
        /** It has more octets than are read. */
        TOO_LARGE,
        /** It is about something that is not there. */
        NOT_FOUND,
        /** What it wants to add is there already. */
        EXISTS,
        /** Something else still needs what it wants to remove. */
        IN_USE,
        /** What is there does not allow it. */
        CONFLICT,
        /** Too much is asked for at once; it may be tried again. */
        BUSY,
        /** Something of the server's failed. */
        FAILED
    }

    private final Kind kind;

    public AdminException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The line. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
