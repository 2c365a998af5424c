package org.posthorn.protocol.pop3;

/** Input that is not POP3; the message is fit for the client. */
public final class Pop3SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    Pop3SyntaxException(String message) {
        super(message, null, false, false);
    }
}
