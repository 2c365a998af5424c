package org.posthorn.protocol.arc;

/** Fields that are no chain (RFC 8617 4.1, 4.2). The message says why, in words for people. */
final class ArcSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    ArcSyntaxException(String message) {
        super(message);
        this.reason = message;
    }

    /** What is wrong, in words for people. */
    String reason() {
        return reason;
    }
}
