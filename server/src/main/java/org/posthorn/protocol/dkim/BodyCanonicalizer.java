package org.posthorn.protocol.dkim;

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

    private final boolean relaxed;
    private final Sink sink;

    private long pendingLineEnds;
    private boolean pendingSpace;
    private boolean pendingCr;
    private boolean any;

    BodyCanonicalizer(Canonicalization form, Sink sink) {
        this.relaxed = form == Canonicalization.RELAXED;
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
        int i = from + 1;
        while (i < end) {
            byte b = bytes[i];
            if (b > ' ' || b < 0) {
                i++;
            } else if (b == '\r') {
                // A single line end before more text is canonical; the next byte tells.
                if (i + 2 >= end || bytes[i + 1] != '\n' || !isText(bytes[i + 2])) {
                    return i;
                }
                i += 3;
            } else if (relaxed && (b == ' ' || b == '\t')) {
                if (b == '\t' || i + 1 >= end || !isText(bytes[i + 1])) {
                    return i;
                }
                i += 2;
            } else {
                i++;
            }
        }
        return end;
    }

    private static boolean isText(byte b) {
        return b > ' ' || b < 0;
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
