package org.posthorn.server.http;

/** A request that is refused before it is looked at closer. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status of the answer (RFC 9110 15.5) */
    public BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
