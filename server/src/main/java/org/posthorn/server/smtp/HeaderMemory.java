package org.posthorn.server.smtp;

import org.posthorn.intake.HeaderScan;
import org.posthorn.net.SessionMemory;

/**
 * Charges a session for the header of the message that it sends: those who judge the message keep it until its end. Used by the
 * session's thread.
 */
final class HeaderMemory implements AutoCloseable {
    /** The octets themselves, and the fields that are made of them. */
    private static final int FACTOR = 2;

    private final SessionMemory memory;
    private boolean lineStart = true;
    private boolean over;
    private long octets;
    private long charged;

    HeaderMemory(SessionMemory memory) {
        this.memory = memory;
    }

    /** The next octets of the message, in CRLF form. */
    void scan(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count && !over; i++) {
            // RFC 5322 2.1: an empty line ends the header. What is longer than this is refused, and not kept.
            over = (lineStart && bytes[i] == '\r') || octets >= HeaderScan.MAX_HEADER;
            lineStart = bytes[i] == '\n';
            octets++;
        }
    }

    /** Pays for what has been scanned, where there is memory for it. */
    boolean tryCharge() {
        long due = FACTOR * octets - charged;
        if (due > 0 && !memory.tryCharge(due)) {
            return false;
        }
        charged += due;
        return true;
    }

    @Override
    public void close() {
        memory.release(charged);
        charged = 0;
    }
}
