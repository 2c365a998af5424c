package org.posthorn.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Reads command lines within a time limit for the whole line, and sends the replies that are buffered when there is no further
 * command at hand. A graceful stop wakes it. Used by the session's thread.
 */
public final class CommandReader {
    /** Octets of an overlong line that are skipped so as to answer it; a client that sends more is cut off. */
    private static final int MAX_SKIPPED = 1 << 20;

    private final Connection connection;
    private final Input in;

    public CommandReader(Connection connection) {
        this.connection = connection;
        this.in = connection.in();
    }

    /**
     * The next line.
     *
     * @param limit for the line to arrive whole
     * @throws LineException the line was too long or held a bare CR or LF, and has been skipped
     * @throws SocketTimeoutException the limit has passed
     * @throws EOFException the client has left, or has sent no end of a line within {@link #MAX_SKIPPED}
     */
    public String line(int max, Duration limit) throws IOException {
        if (!hasLine()) {
            // RFC 2920 3.2: replies may wait while further commands of the group are here already, no longer.
            connection.out().flush();
            await(max, System.nanoTime() + limit.toNanos());
        }
        return in.readLine(max);
    }

    private void await(int max, long deadline) throws IOException {
        int scanned = 0;
        while (true) {
            readTimeout(deadline);
            if (!(in.buffered() == 0 ? connection.awaitInput() : in.fill())) {
                throw new EOFException("connection closed by peer");
            }
            if (hasLine(scanned)) {
                return;
            }
            scanned = in.buffered();
            if (scanned > max + 2) {
                skip(deadline);
                throw new LineException(LineException.Fault.TOO_LONG);
            }
        }
    }

    private void skip(long deadline) throws IOException {
        long end = in.received() + MAX_SKIPPED;
        while (!hasLine()) {
            in.consume(in.buffered());
            readTimeout(deadline);
            if (in.received() > end || !in.fill()) {
                throw new EOFException("endless line");
            }
        }
        byte[] buffer = in.buffer();
        int at = in.position();
        while (buffer[at] != '\n') {
            at++;
        }
        in.consume(at + 1 - in.position());
    }

    private void readTimeout(long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no command in time");
        }
        connection.lastReadTimeout(Duration.ofMillis(left));
    }

    private boolean hasLine() {
        return hasLine(0);
    }

    private boolean hasLine(int from) {
        byte[] buffer = in.buffer();
        for (int i = in.position() + from; i < in.limit(); i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }
}
