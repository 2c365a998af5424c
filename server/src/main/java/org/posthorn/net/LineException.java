package org.posthorn.net;

/** A line from the network that breaks the rules of the protocol's framing; the session answers it and goes on or ends. */
public final class LineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was wrong with the line. */
    public enum Fault {
        /** Longer than the limit; the rest of the line has been skipped. */
        TOO_LONG,
        /** A CR or LF on its own (RFC 5321 2.3.8): the door of SMTP smuggling. */
        BARE_CR_OR_LF
    }

    private final Fault fault;

    LineException(Fault fault) {
        super(fault == Fault.TOO_LONG ? "line too long" : "bare CR or LF in line", null, false, false);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
