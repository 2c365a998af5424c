package org.posthorn.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The buffered bytes that leave on a connection. The buffer is borrowed at the first write after a flush and given
 * back by {@link #flush}, so a connection that waits for its client holds none. Not thread-safe: a session that
 * writes from several threads holds a lock of its own.
 */
public final class Output extends OutputStream {
    /** Octets of the buffer where there is no memory for a large one: what is to be said can still be said. */
    private static final int SMALL = 512;

    private final SessionMemory memory;
    private OutputStream stream;
    private final WriteWatch watch;
    private byte @Nullable [] buffer;
    private int used;

    /** Told when a write that may block begins and ends, so that a stuck one can be cut off. */
    interface WriteWatch {
        void begin();

        void end();
    }

    Output(OutputStream stream, WriteWatch watch, SessionMemory memory) {
        this.memory = memory;
        this.stream = stream;
        this.watch = watch;
    }

    /** Writes text as ISO 8859-1: protocol text is ASCII; encode UTF-8 yourself where the protocol has it. */
    @SuppressWarnings(
            "deprecation") // getBytes(int, int, byte[], int) is the copy of Latin-1 text without a temporary array
    public Output print(String text) throws IOException {
        int from = 0;
        while (from < text.length()) {
            byte[] target = room();
            int count = Math.min(text.length() - from, target.length - used);
            text.getBytes(from, from + count, target, used);
            used += count;
            from += count;
        }
        return this;
    }

    /** {@link #print} of the text, then CRLF. */
    public Output println(String text) throws IOException {
        return print(text).print("\r\n");
    }

    /** Writes text as UTF-8. */
    public Output printUtf8(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    @Override
    public void write(int octet) throws IOException {
        byte[] target = room();
        target[used++] = (byte) octet;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (buffer != null && used == buffer.length) {
                drain();
            }
            if (used == 0 && length - done >= Buffers.LARGE) {
                // Without a copy, where nothing waits that could leave with it.
                send(bytes, offset + done, length - done);
                return;
            }
            byte[] target = room();
            int count = Math.min(length - done, target.length - used);
            System.arraycopy(bytes, offset + done, target, used, count);
            used += count;
            done += count;
        }
    }

    private byte[] room() throws IOException {
        if (buffer == null) {
            buffer = memory.tryChargeOfWhatIsFree(Buffers.LARGE) ? Buffers.borrow() : new byte[SMALL];
        } else if (used == buffer.length) {
            drain();
        }
        return buffer;
    }

    private void drain() throws IOException {
        if (buffer != null && used > 0) {
            int count = used;
            used = 0;
            send(buffer, 0, count);
        }
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        watch.begin();
        try {
            stream.write(bytes, offset, length);
        } finally {
            watch.end();
        }
    }

    /** Sends what is buffered and gives the buffer back. */
    @Override
    public void flush() throws IOException {
        try {
            drain();
        } finally {
            release();
        }
    }

    private void release() {
        if (buffer != null) {
            if (buffer.length == Buffers.LARGE) {
                memory.release(Buffers.LARGE);
            }
            Buffers.giveBack(buffer);
            buffer = null;
        }
        used = 0;
    }

    void switchTo(OutputStream next) {
        stream = next;
    }

    @Override
    public void close() {
        release();
    }
}
