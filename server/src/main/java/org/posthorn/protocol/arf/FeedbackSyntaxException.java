package org.posthorn.protocol.arf;

/** Not a feedback report; the message says why. */
public final class FeedbackSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FeedbackSyntaxException(String reason) {
        super(reason);
    }
}
