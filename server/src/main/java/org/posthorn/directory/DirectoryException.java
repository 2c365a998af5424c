package org.posthorn.directory;

/** A change that cannot be made; the message is for the administrator. */
public final class DirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DirectoryException(String message) {
        super(message);
    }

    public DirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
