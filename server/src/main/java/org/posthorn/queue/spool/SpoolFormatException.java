package org.posthorn.queue.spool;

/** Octets that are no record of the spool. */
final class SpoolFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean unknown;

    SpoolFormatException(String message) {
        this(message, false);
    }

    /** @param unknown the record is whole, but of a kind or version that is not ours */
    SpoolFormatException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    /** Whether another release has written it, rather than something has damaged it. */
    boolean isUnknown() {
        return unknown;
    }
}
