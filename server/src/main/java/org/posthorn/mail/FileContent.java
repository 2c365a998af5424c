package org.posthorn.mail;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Content that lies in a file, alone or among others. Each stream has its own channel. */
final class FileContent implements MessageContent {
    private static final int CHUNK = 64 * 1024;

    private final Opener file;
    private final boolean closes;
    private final long offset;
    private final long size;

    FileContent(Opener file, long offset, long size) {
        this(file, true, offset, size);
    }

    /** @param closes whether each stream closes the channel that it was given */
    FileContent(Opener file, boolean closes, long offset, long size) {
        this.file = file;
        this.closes = closes;
        this.offset = offset;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.min(from, size);
        return new Range(file.open(), closes, offset + start, Math.min(length, size - start));
    }

    @Override
    public void transferTo(long from, long length, OutputStream out) throws IOException {
        try (InputStream in = open(from, length)) {
            byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(1, Math.min(length, size)))];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
            }
        }
    }

    /** Reads by position, so that the channel's own position does not matter. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private final boolean closes;
        private long position;
        private long left;

        Range(FileChannel channel, boolean closes, long position, long length) {
            this.channel = channel;
            this.closes = closes;
            this.position = position;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (left <= 0) {
                return -1;
            }
            int wanted = (int) Math.min(Math.min(length, left), CHUNK);
            int read = channel.read(ByteBuffer.wrap(bytes, from, wanted), position);
            if (read < 0) {
                throw new EOFException("file is shorter than it was, " + left + " octets are missing");
            }
            position += read;
            left -= read;
            return read;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, left));
            position += skipped;
            left -= skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(left, Integer.MAX_VALUE);
        }

        @Override
        public void close() throws IOException {
            if (closes) {
                channel.close();
            }
        }
    }
}
