package org.posthorn.protocol.smtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the end of the text after DATA and takes away the dots that the client added (RFC 5321 4.5.2), in one pass over
 * whatever buffers arrive. Only CRLF.CRLF ends the text: after a CR or LF on its own nothing is passed on any more, and
 * a dot behind it ends nothing (RFC 5321 4.1.1.4; the look-alikes are how mail is smuggled). Used by one thread.
 */
public final class DataDecoder {
    /** Takes the text, in CRLF form, in runs of any length. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes, int offset, int length);
    }

    /** What is wrong with the text. */
    public enum Fault {
        NONE,
        /** A NUL, which neither 7bit nor 8bit text may have (RFC 2045 2.7, 2.8) and IMAP cannot transport. */
        NUL,
        /** A CR or LF on its own (RFC 5321 2.3.8). */
        BARE_CR_OR_LF
    }

    private enum State {
        LINE_START,
        TEXT,
        CR,
        DOT,
        DOT_CR,
        END
    }

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private State state = State.LINE_START;
    private Fault fault = Fault.NONE;
    private long octets;

    /** Whether CRLF.CRLF has been seen. */
    public boolean atEnd() {
        return state == State.END;
    }

    /** The worst that was found so far. */
    public Fault fault() {
        return fault;
    }

    /** Octets passed on so far. */
    public long octets() {
        return octets;
    }

    /**
     * Decodes the next bytes.
     *
     * @return the number of octets used: all of them, or less at the end of the text; what follows are commands
     */
    public int decode(byte[] buffer, int from, int to, Sink sink) {
        int at = from;
        int run = from;
        while (at < to && state != State.END) {
            byte octet = buffer[at];
            switch (state) {
                case LINE_START -> {
                    if (octet == '.') {
                        pass(buffer, run, at, sink);
                        run = ++at;
                        state = State.DOT;
                    } else {
                        state = State.TEXT;
                    }
                }
                case TEXT -> at = text(buffer, at, to);
                case CR -> {
                    if (octet == '\n') {
                        at++;
                        state = State.LINE_START;
                    } else {
                        bare();
                    }
                }
                case DOT -> {
                    if (octet == '\r') {
                        run = ++at;
                        state = State.DOT_CR;
                    } else {
                        state = State.TEXT;
                    }
                }
                case DOT_CR -> {
                    if (octet == '\n') {
                        run = ++at;
                        state = State.END;
                    } else {
                        bare();
                    }
                }
                case END -> throw new IllegalStateException();
            }
        }
        pass(buffer, run, at, sink);
        return at - from;
    }

    /** Runs to the end of the line; a CR is passed on before it is known that LF follows. */
    private int text(byte[] buffer, int from, int to) {
        int at = nextLow(buffer, from, to);
        if (at == to) {
            return at;
        }
        switch (buffer[at]) {
            case '\r' -> state = State.CR;
            case '\n' -> bare();
            case 0 -> fault = fault == Fault.NONE ? Fault.NUL : fault;
            default -> {
                // Another control character: odd, but text.
            }
        }
        return at + 1;
    }

    private void bare() {
        fault = Fault.BARE_CR_OR_LF;
        state = State.TEXT;
    }

    private void pass(byte[] buffer, int from, int to, Sink sink) {
        if (to > from && fault == Fault.NONE) {
            octets += to - from;
            sink.write(buffer, from, to - from);
        }
    }

    /** The first octet of at most CR (13), looking at eight at a time. */
    private static int nextLow(byte[] buffer, int from, int to) {
        int at = from;
        while (at + 8 <= to) {
            long eight = (long) LONGS.get(buffer, at);
            // The high bit of each octet below 14 that is not 8-bit itself; exact up to the first one.
            long low = (eight - ONES * 14) & ~eight & HIGH_BITS;
            if (low != 0) {
                return at + (Long.numberOfTrailingZeros(low) >>> 3);
            }
            at += 8;
        }
        while (at < to && (buffer[at] & 0xff) > '\r') {
            at++;
        }
        return at;
    }
}
