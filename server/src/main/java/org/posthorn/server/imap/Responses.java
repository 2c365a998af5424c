package org.posthorn.server.imap;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.MessageContent;
import org.posthorn.net.Output;
import org.posthorn.protocol.imap.ResponseBuffer;

/** What a session sends. Holds no memory after a flush. A failure to write is {@link Disconnected}. */
final class Responses {
    private static final int ENOUGH = 8 * 1024;

    private final Output out;
    private @Nullable ResponseBuffer buffer;

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
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw new Disconnected("connection lost");
            }
            count += length;
        }
    }
}
