package org.posthorn.protocol.milter;

/** What the MTA sent is not the milter protocol; the session ends. */
public final class MilterSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MilterSyntaxException(String message) {
        super(message, null, false, false);
    }
}
