package org.posthorn.client.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a message in the form of DATA (RFC 5321 4.5.2): a dot at the start of a line is doubled, and {@link #end} writes the
 * line with the single dot. A CR or LF on its own becomes CRLF (2.3.8), so that no server can be made to see the end of the
 * message elsewhere. Holds nothing back; used by one thread.
 */
final class DotStuffer extends OutputStream {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] DOT = {'.'};
    private static final byte[] END = {'.', '\r', '\n'};

    private final OutputStream out;
    private boolean lineStart = true;
    private boolean afterCr;

    DotStuffer(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end; i++) {
            byte octet = bytes[i];
            if (octet > '.') {
                if (afterCr) {
                    from = flushTo(bytes, from, i);
                    out.write(CRLF);
                    afterCr = false;
                }
                lineStart = false;
                continue;
            }
            if (octet == '\r' || octet == '\n') {
                // Line ends are written by us, so the run before ends here and the next begins after it.
                from = flushTo(bytes, from, i) + 1;
                if (afterCr || octet == '\n') {
                    out.write(CRLF);
                    lineStart = true;
                }
                afterCr = octet == '\r';
                continue;
            }
            if (afterCr) {
                from = flushTo(bytes, from, i);
                out.write(CRLF);
                afterCr = false;
                lineStart = true;
            }
            if (octet == '.' && lineStart) {
                from = flushTo(bytes, from, i);
                out.write(DOT);
            }
            lineStart = false;
        }
        flushTo(bytes, from, end);
    }

    private int flushTo(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            out.write(bytes, from, to - from);
        }
        return Math.max(from, to);
    }

    /** Ends the last line if need be, then the message. */
    void end() throws IOException {
        if (afterCr || !lineStart) {
            out.write(CRLF);
        }
        out.write(END);
    }
}
