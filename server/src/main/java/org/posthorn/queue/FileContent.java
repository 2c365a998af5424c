package org.posthorn.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.posthorn.mail.MessageContent;

/** The first octets of a file. */
record FileContent(Path file, long size) implements MessageContent {
    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(start);
        return new Bounded(Channels.newInputStream(channel), Math.clamp(length, 0, size - start));
    }

    /** Ends after so many octets. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int start, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(into, start, (int) Math.min(length, left));
            if (count < 0) {
                throw new IOException("the message's file is shorter than it was");
            }
            left -= count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
