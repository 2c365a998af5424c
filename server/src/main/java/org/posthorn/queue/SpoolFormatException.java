package org.posthorn.queue;

/** Octets that are no record of the spool. */
final class SpoolFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SpoolFormatException(String message) {
        super(message);
    }
}
