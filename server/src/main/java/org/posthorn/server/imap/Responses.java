package org.posthorn.server.imap;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.MessageContent;
import org.posthorn.net.Output;
import org.posthorn.protocol.imap.ResponseBuffer;

/** What a session sends. Holds no memory after a flush. A failure to write is {@link Disconnected}. */
final class Responses {
    private static final int ENOUGH = 8 * 1024;

    private final Output out;
    private @Nullable ResponseBuffer buffer;
    private long drained;

    /** Where a response begins. */
    record Mark(long drained, int size) {}

    Responses(Output out) {
        this.out = out;
    }

    /** Where the next response is built. */
    ResponseBuffer buffer() {
        ResponseBuffer current = buffer;
        if (current == null) {
            current = new ResponseBuffer();
            buffer = current;
        }
        return current;
    }

    Mark mark() {
        return new Mark(drained, buffer().size());
    }

    /**
     * Takes back a response that was begun there, so that no part of it is sent.
     *
     * @throws Disconnected a part has been sent; nothing could follow it that the client understands
     */
    void cutBackTo(Mark mark) {
        if (mark.drained() != drained) {
            throw new Disconnected("failed within a response");
        }
        buffer().cutTo(mark.size());
    }

    /** A whole untagged response, given without {@code *} and line end. */
    void untagged(String text) {
        line("* " + text);
    }

    void line(String text) {
        buffer().text(text);
        endOfLine();
    }

    /** Ends a response built in {@link #buffer}. */
    void endOfLine() {
        ResponseBuffer current = buffer().crlf();
        if (current.size() > ENOUGH) {
            drain(current);
        }
    }

    /**
     * A literal from a message, streamed.
     *
     * @throws Disconnected also when the content is shorter than promised: the response cannot be mended
     */
    void literal(MessageContent content, long from, long length) {
        ResponseBuffer current = buffer().character('{').number(length).text("}\r\n");
        drain(current);
        Counted counted = new Counted(out);
        try {
            content.transferTo(from, length, counted);
        } catch (IOException e) {
            throw new Disconnected("message cannot be read: " + e.getMessage());
        }
        if (counted.count != length) {
            throw new Disconnected("message is shorter than its index says");
        }
    }

    /** Whether a line of so many octets can be ended without a wait for the client. */
    boolean hasRoomFor(int octets) {
        return buffer().size() + octets <= ENOUGH;
    }

    void flush() {
        ResponseBuffer current = buffer;
        buffer = null;
        try {
            if (current != null) {
                current.drainTo(out);
            }
            out.flush();
        } catch (IOException e) {
            throw new Disconnected("connection lost");
        }
    }

    private void drain(ResponseBuffer current) {
        drained++;
        try {
            current.drainTo(out);
        } catch (IOException e) {
            throw new Disconnected("connection lost");
        }
    }

    /** Tells failures of the connection from failures of the store. */
    private static final class Counted extends OutputStream {
        private final OutputStream out;
        private long count;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                int nul = indexOfNul(bytes, offset, length);
                if (nul < 0) {
                    out.write(bytes, offset, length);
                } else {
                    out.write(withoutNul(bytes, offset, length), 0, length);
                }
            } catch (IOException e) {
                throw new Disconnected("connection lost");
            }
            count += length;
        }

        private static int indexOfNul(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == 0) {
                    return i;
                }
            }
            return -1;
        }

        /** RFC 3501 section 9: a literal consists of CHAR8, which NUL is not. 0x80 stands for it, as with Dovecot. */
        private static byte[] withoutNul(byte[] bytes, int offset, int length) {
            byte[] clean = Arrays.copyOfRange(bytes, offset, offset + length);
            for (int i = 0; i < length; i++) {
                if (clean[i] == 0) {
                    clean[i] = (byte) 0x80;
                }
            }
            return clean;
        }
    }
}
