package org.posthorn.cli.check;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Reads text in pieces whose lines all end in CRLF, whether they ended so or in LF alone. Used by one thread. */
final class CrLfReader implements Closeable {
    private static final int PIECE = 32 << 10;

    private final InputStream in;
    private final long max;
    private final byte[] given = new byte[PIECE];
    private final byte[] text = new byte[2 * PIECE];
    private byte before;
    private long total;
    private String lineEnd = "";

    /** @param max octets; more are an error */
    CrLfReader(InputStream in, long max) {
        this.in = in;
        this.max = max;
    }

    /** Reads the next piece into {@link #text}: how many octets it has, -1 when there are none left. */
    int read() throws IOException {
        int count = in.read(given);
        if (count < 0) {
            return -1;
        }
        total += count;
        if (total > max) {
            throw new IOException("a message of more than " + max + " octets");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            byte octet = given[i];
            if (octet == '\n') {
                if (lineEnd.isEmpty()) {
                    lineEnd = before == '\r' ? "\r\n" : "\n";
                }
                if (before != '\r') {
                    text[length++] = '\r';
                }
            }
            text[length++] = octet;
            before = octet;
        }
        return length;
    }

    /** The piece that was read last; good until the next is. */
    byte[] text() {
        return text;
    }

    /** How the first line ended; CRLF where none has ended so far. */
    String lineEnd() {
        return lineEnd.isEmpty() ? "\r\n" : lineEnd;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
