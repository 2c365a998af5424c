package org.posthorn.mail;

import java.util.Arrays;

/**
 * Takes the header off a message whose bytes are passing by, in pieces of any size. Keeps at most {@link Headers#MAX_OCTETS}.
 * Used by one thread.
 */
final class HeaderCollector {
    private byte[] kept = new byte[2048];
    private int length;
    /** Octets of the current line that passed in earlier pieces. */
    private long lineLength;

    private byte last;
    private boolean complete;

    /** The next bytes of the message; nothing is done once the header is complete. */
    void accept(byte[] bytes, int from, int count) {
        int end = from + count;
        int at = from;
        while (at < end && !complete) {
            int lf = LineEnds.indexOfLf(bytes, at, end);
            if (lf < 0) {
                lineLength += end - at;
                at = end;
            } else {
                long before = lineLength + lf - at;
                complete = before == 0 || (before == 1 && (lf > at ? bytes[at] : last) == '\r');
                lineLength = 0;
                at = lf + 1;
            }
        }
        if (at > from) {
            last = bytes[at - 1];
            keep(bytes, from, at - from);
        }
    }

    /** Whether the empty line that ends the header has passed. */
    boolean isComplete() {
        return complete;
    }

    /** The header as far as it has passed. */
    Headers headers() {
        return Headers.parse(Arrays.copyOf(kept, length));
    }

    private void keep(byte[] bytes, int from, int count) {
        int more = Math.min(count, Headers.MAX_OCTETS - length);
        if (length + more > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(Headers.MAX_OCTETS, Math.max(2 * kept.length, length + more)));
        }
        System.arraycopy(bytes, from, kept, length, more);
        length += more;
    }
}
