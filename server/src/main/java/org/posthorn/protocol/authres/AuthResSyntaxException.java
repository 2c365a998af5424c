package org.posthorn.protocol.authres;

/** A field that RFC 8601 2.2 does not allow. */
final class AuthResSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuthResSyntaxException(String message) {
        super(message, null, false, false);
    }
}
