package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.posthorn.mail.MessageContent;

/** A message whose file has CRLF line ends: its bytes as they are. */
record FileContent(FolderReader reader, long uid, long size) implements MessageContent {
    private static final int BUFFER = 16 * 1024;

    @Override
    public InputStream open(long from, long length) throws IOException {
        return new Range(reader.open(uid), Math.min(from, size), Math.clamp(length, 0, Math.max(0, size - from)));
    }

    @Override
    public void transferTo(long from, long length, OutputStream out) throws IOException {
        try (InputStream in = open(from, length)) {
            byte[] buffer = new byte[Math.clamp(Math.min(length, size - from), 1, BUFFER)];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        }
    }

    /** A part of a file. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private long position;
        private long left;

        Range(FileChannel channel, long position, long left) {
            this.channel = channel;
            this.position = position;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int n = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)), position);
            if (n > 0) {
                position += n;
                left -= n;
            }
            return n;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.clamp(count, 0, left);
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
            channel.close();
        }
    }
}
