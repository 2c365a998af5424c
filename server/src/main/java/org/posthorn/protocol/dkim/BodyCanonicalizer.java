package org.posthorn.protocol.dkim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Brings a body into canonical form while it streams by (RFC 6376 3.4.3, 3.4.4). Constant memory; text that is canonical
 * already is handed on in place, without a copy. A CR or LF that stands alone is an ordinary character here. Used by one
 * thread.
 */
final class BodyCanonicalizer {
    /** Takes the canonical bytes. */
    interface Sink {
        void take(byte[] bytes, int offset, int length);
    }

    private static final byte[] SPACE = {' '};
    private static final byte[] CR = {'\r'};
    private static final byte[] LINE_ENDS = "\r\n".repeat(64).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;
    private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
    private static final long SPACES_UP = (0x80 - ' ') * LOWEST_BITS;

    private final boolean relaxed;
    /** Bytes from here on stand for themselves: all but control characters and, in relaxed form, space. */
    private final byte limit;

    /** What carries into the highest bit of each byte that is at least the limit, when it is added to its lower bits. */
    private final long limitUp;

    private final Sink sink;

    private long pendingLineEnds;
    private boolean pendingSpace;
    private boolean pendingCr;
    private boolean any;

    BodyCanonicalizer(Canonicalization form, Sink sink) {
        this.relaxed = form == Canonicalization.RELAXED;
        this.limit = (byte) (relaxed ? ' ' + 1 : '\r' + 1);
        this.limitUp = (0x80 - limit) * LOWEST_BITS;
        this.sink = sink;
    }

    void update(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            byte b = bytes[i];
            if (pendingCr) {
                pendingCr = false;
                if (b == '\n') {
                    pendingLineEnds++;
                    pendingSpace = false;
                    i++;
                    continue;
                }
                content(CR, 0, 1);
            }
            if (b == '\r') {
                pendingCr = true;
                i++;
            } else if (relaxed && (b == ' ' || b == '\t')) {
                pendingSpace = true;
                i++;
            } else {
                int stop = canonicalUntil(bytes, i, end);
                content(bytes, i, stop - i);
                i = stop;
            }
        }
    }

    /** Where the run of bytes ends that stand for themselves: the first one whose fate depends on what follows later. */
    private int canonicalUntil(byte[] bytes, int from, int end) {
        int i = nextSpecial(bytes, from + 1, end);
        while (i < end) {
            int next = afterCanonical(bytes, i, end);
            if (next == i) {
                return i;
            }
            i = nextSpecial(bytes, next, end);
        }
        return end;
    }

    /** Behind the white space or line end at this index and the byte after it, if they are canonical; else the same index. */
    private int afterCanonical(byte[] bytes, int i, int end) {
        return switch (bytes[i]) {
            // A single line end before more text is canonical; the next byte tells.
            case '\r' -> i + 2 < end && bytes[i + 1] == '\n' && isText(bytes[i + 2]) ? i + 3 : i;
            case ' ' -> i + 1 < end && isText(bytes[i + 1]) ? i + 2 : i;
            case '\t' -> relaxed ? i : i + 1;
            default -> i + 1;
        };
    }

    /** The next byte that may be white space or a line end and not canonical, looked for by eight at a time. */
    private int nextSpecial(byte[] bytes, int from, int end) {
        int i = from;
        // The highest bit of the lowest byte: whether the last one of the eight before was a space.
        long before = 0;
        while (i + Long.BYTES <= end) {
            long eight = (long) EIGHT_BYTES.get(bytes, i);
            long special = below(limitUp, eight);
            // Single spaces are passed over; the next eight tell whether one at the end was single.
            if ((special & (below(SPACES_UP, eight) | (special << Byte.SIZE) | before)) != 0) {
                return before == 0 ? i + (Long.numberOfTrailingZeros(special) >>> 3) : i - 1;
            }
            before = special >>> (Long.SIZE - Byte.SIZE);
            i += Long.BYTES;
        }
        if (before != 0) {
            return i - 1;
        }
        while (i < end && (bytes[i] >= limit || bytes[i] < 0)) {
            i++;
        }
        return Math.min(i, end);
    }

    /** The highest bit of each of eight bytes that is less than a limit; {@code up} carries the limit into that bit. */
    private static long below(long up, long eight) {
        return ~(((eight & ~HIGHEST_BITS) + up) | eight) & HIGHEST_BITS;
    }

    /** Whether such a byte after a line end or space leaves that as it is. */
    private boolean isText(byte b) {
        return relaxed ? b > ' ' || b < 0 : b != '\r';
    }

    private void content(byte[] bytes, int offset, int length) {
        while (pendingLineEnds > 0) {
            int count = (int) Math.min(pendingLineEnds, LINE_ENDS.length / 2);
            sink.take(LINE_ENDS, 0, 2 * count);
            pendingLineEnds -= count;
        }
        if (pendingSpace) {
            sink.take(SPACE, 0, 1);
            pendingSpace = false;
        }
        sink.take(bytes, offset, length);
        any = true;
    }

    /**
     * What would still come if the body ended here, at the beginning of a line; nothing changes by it.
     *
     * @param last a last line that would stand here, canonical and without its end; empty for none
     */
    void endHere(byte[] last, Sink other) {
        if (last.length > 0) {
            for (long i = 0; i < pendingLineEnds; i++) {
                other.take(LINE_ENDS, 0, 2);
            }
            other.take(last, 0, last.length);
        }
        if (last.length > 0 || any || !relaxed) {
            other.take(LINE_ENDS, 0, 2);
        }
    }

    /** The body is over. */
    void finish() {
        if (pendingCr) {
            pendingCr = false;
            content(CR, 0, 1);
        }
        // RFC 6376 3.4.3: an empty body is one CRLF in simple form; 3.4.4: and nothing at all in relaxed form.
        if (any || !relaxed) {
            sink.take(LINE_ENDS, 0, 2);
        }
    }
}
