package org.posthorn.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The bounded, buffered bytes that arrive on a connection. Bytes are looked at in place: a caller that wants speed
 * reads {@link #buffer()} from {@link #position()} to {@link #limit()}, then calls {@link #consume}.
 * Used by the connection's one session thread only.
 */
public final class Input {
    private static final int SMALL = 512;

    private final SessionMemory memory;
    private InputStream stream;
    private byte[] buffer = new byte[SMALL];
    private int position;
    private int limit;
    private long received;

    public Input(InputStream stream) {
        this(stream, SessionMemory.unlimited());
    }

    Input(InputStream stream, SessionMemory memory) {
        this.stream = stream;
        this.memory = memory;
    }

    /** The buffer that holds the bytes not yet consumed; valid until the next {@link #fill}. */
    public byte[] buffer() {
        return buffer;
    }

    public int position() {
        return position;
    }

    public int limit() {
        return limit;
    }

    /** Bytes that have arrived and were not consumed yet. */
    public int buffered() {
        return limit - position;
    }

    /** All octets received so far, for logs and limits. */
    public long received() {
        return received;
    }

    public void consume(int count) {
        if (count < 0 || count > limit - position) {
            throw new IndexOutOfBoundsException(count);
        }
        position += count;
    }

    /**
     * Waits for more bytes and appends them to the buffered ones.
     *
     * @return false at the end of the stream
     * @throws IOException also when the read time limit passes
     * @throws LineException when the buffer is full ({@value Buffers#LARGE} octets unconsumed)
     */
    public boolean fill() throws IOException {
        makeRoom();
        int count = stream.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            return false;
        }
        limit += count;
        received += count;
        return true;
    }

    private void makeRoom() throws MemoryShortageException {
        if (position == limit) {
            // While nothing flows the connection keeps only the small buffer; bulk data refills the large one whole.
            if (buffer.length > SMALL && limit < buffer.length / 2) {
                release();
            } else if (buffer.length == SMALL && limit == SMALL) {
                buffer = borrow();
            }
            position = 0;
            limit = 0;
        } else if (limit == buffer.length) {
            int kept = limit - position;
            if (buffer.length == SMALL) {
                byte[] larger = borrow();
                System.arraycopy(buffer, position, larger, 0, kept);
                buffer = larger;
            } else if (position == 0) {
                throw new LineException(LineException.Fault.TOO_LONG);
            } else {
                System.arraycopy(buffer, position, buffer, 0, kept);
            }
            position = 0;
            limit = kept;
        }
    }

    private byte[] borrow() throws MemoryShortageException {
        memory.charge(Buffers.LARGE);
        return Buffers.borrow();
    }

    /** Gives the large buffer back; buffered bytes, if any, are kept in a small one where they fit. */
    private void release() {
        Buffers.giveBack(buffer);
        memory.release(Buffers.LARGE);
        buffer = new byte[SMALL];
    }

    /** The next octet, waiting for it if need be; -1 at the end of the stream. */
    public int read() throws IOException {
        while (position == limit) {
            if (!fill()) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    /** Up to {@code length} bytes, at least one unless the stream has ended (then -1). Large reads bypass the buffer. */
    public int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= Buffers.LARGE) {
                int count = stream.read(target, offset, length);
                received += Math.max(0, count);
                return count;
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /**
     * The next line without its CRLF, as ISO 8859-1 text (one char per octet; decode UTF-8 where the protocol has it).
     *
     * @param max the longest line accepted, in octets without CRLF; at most 64 KiB
     * @return the line
     * @throws EOFException at the end of the stream, also in the middle of a line
     * @throws LineException for a line longer than max (the whole line is skipped), or one that holds a bare CR or LF
     *     (the line up to its CRLF or bare LF is skipped)
     */
    public String readLine(int max) throws IOException {
        return readLine(max, true);
    }

    /** As {@link #readLine(int)}, but a bare LF ends the line too: for replies of servers that we are a client of. */
    public String readLineLenient(int max) throws IOException {
        return readLine(max, false);
    }

    private String readLine(int max, boolean strict) throws IOException {
        long charged = 0;
        try {
            int scanned = 0;
            StringBuilder collected = null;
            while (true) {
                int end = indexOfLf(position + scanned);
                if (end >= 0) {
                    return line(collected, end, max, strict);
                }
                scanned = limit - position;
                if (scanned + (collected == null ? 0 : collected.length()) > max + 2) {
                    skipLine();
                    throw new LineException(LineException.Fault.TOO_LONG);
                }
                if (scanned >= Buffers.LARGE) {
                    // The text so far, and room to grow.
                    memory.charge(2 * Buffers.LARGE);
                    charged += 2 * Buffers.LARGE;
                    collected = collected == null ? new StringBuilder(2 * scanned) : collected;
                    collected.append(new String(buffer, position, scanned, StandardCharsets.ISO_8859_1));
                    position = limit;
                    scanned = 0;
                }
                if (!fill()) {
                    throw new EOFException("connection closed by peer");
                }
            }
        } finally {
            memory.release(charged);
        }
    }

    private String line(@org.jspecify.annotations.Nullable StringBuilder collected, int lf, int max, boolean strict) {
        int length = lf - position;
        String text = new String(buffer, position, length, StandardCharsets.ISO_8859_1);
        position = lf + 1;
        if (collected != null) {
            text = collected.append(text).toString();
        }
        boolean crlf = text.endsWith("\r");
        String content = crlf ? text.substring(0, text.length() - 1) : text;
        if (content.length() > max) {
            throw new LineException(LineException.Fault.TOO_LONG);
        }
        // RFC 5321 2.3.8: CR and LF only ever come together; anything else is how mail is smuggled.
        if (strict && (!crlf || content.indexOf('\r') >= 0)) {
            throw new LineException(LineException.Fault.BARE_CR_OR_LF);
        }
        return content;
    }

    private int indexOfLf(int from) {
        for (int i = from; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void skipLine() throws IOException {
        while (true) {
            int lf = indexOfLf(position);
            if (lf >= 0) {
                position = lf + 1;
                return;
            }
            position = limit;
            if (!fill()) {
                throw new EOFException("connection closed by peer");
            }
        }
    }

    /** Drops what has arrived and was not consumed; returns how many octets that were. */
    int discard() {
        int dropped = limit - position;
        position = 0;
        limit = 0;
        return dropped;
    }

    void switchTo(InputStream next) {
        stream = next;
    }

    void close() {
        if (buffer.length > SMALL) {
            Buffers.giveBack(buffer);
            memory.release(Buffers.LARGE);
            buffer = new byte[0];
            position = 0;
            limit = 0;
        }
    }
}
