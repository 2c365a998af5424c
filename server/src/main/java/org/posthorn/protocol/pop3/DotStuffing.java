package org.posthorn.protocol.pop3;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message on its way to the client: puts a dot before each line that begins with one, and the line with the single dot behind
 * the last (RFC 1939 3). Can stop after the header and a number of lines of the body (TOP). Takes CRLF form, in
 * pieces of any size. Used by one thread.
 */
public final class DotStuffing extends OutputStream {
    /** For a whole message. */
    public static final int ALL_LINES = Integer.MAX_VALUE;

    private final OutputStream out;
    private int linesLeft;
    private boolean inHeader;
    private boolean lineStart = true;
    private boolean emptyLine = true;

    /** @param bodyLines lines to let through after the empty line that ends the header, or {@link #ALL_LINES} */
    public DotStuffing(OutputStream out, int bodyLines) {
        this.out = out;
        this.linesLeft = bodyLines;
        this.inHeader = bodyLines != ALL_LINES;
    }

    /** Whether nothing more would be let through. */
    public boolean isFull() {
        return !inHeader && linesLeft == 0;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int run = offset;
        int at = offset;
        while (at < end && !isFull()) {
            if (lineStart && bytes[at] == '.') {
                out.write(bytes, run, at - run);
                out.write('.');
                run = at;
            }
            lineStart = false;
            int lineEnd = at;
            while (lineEnd < end && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            if (lineEnd == end) {
                emptyLine &= onlyCr(bytes, at, end);
                at = end;
            } else {
                emptyLine &= onlyCr(bytes, at, lineEnd);
                at = lineEnd + 1;
                endLine();
            }
        }
        out.write(bytes, run, at - run);
    }

    private static boolean onlyCr(byte[] bytes, int from, int to) {
        return to == from || (to == from + 1 && bytes[from] == '\r');
    }

    private void endLine() {
        if (inHeader) {
            inHeader = !emptyLine;
        } else if (linesLeft != ALL_LINES) {
            linesLeft--;
        }
        lineStart = true;
        emptyLine = true;
    }

    /** Ends the message; the stream below stays open. */
    public void finish() throws IOException {
        if (!lineStart) {
            out.write('\r');
            out.write('\n');
        }
        out.write('.');
        out.write('\r');
        out.write('\n');
    }
}
