package org.posthorn.protocol.dkim;

/** A signature or key record is not as RFC 6376 demands; the message says what is wrong, for people. */
public final class DkimSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    public DkimSyntaxException(String message) {
        super(message, null, false, false);
        this.reason = message;
    }

    /** What is wrong, in words for people. */
    public String reason() {
        return reason;
    }
}
