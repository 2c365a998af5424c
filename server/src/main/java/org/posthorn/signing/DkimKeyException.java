package org.posthorn.signing;

/** A change of signing keys that cannot be made; the message is for the administrator. */
public final class DkimKeyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DkimKeyException(String message) {
        super(message);
    }

    public DkimKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
