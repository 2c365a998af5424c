package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.posthorn.mail.MessageContent;

/**
 * A message whose file has bare LF line ends, as Dovecot writes them: converted to CRLF while it is read. Reads that go on where the
 * last one ended, as clients fetch large messages, do not begin at the start of the file again.
 */
final class ConvertedContent implements MessageContent {
    private final Opener file;
    private final boolean closes;
    private final ConversionOffsets offsets;
    private final long uid;
    private final long size;

    /** @param closes whether each stream closes the channel that it was given */
    ConvertedContent(Opener file, boolean closes, ConversionOffsets offsets, long uid, long size) {
        this.file = file;
        this.closes = closes;
        this.offsets = offsets;
        this.uid = uid;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        Converter converter = new Converter(file.open(), offsets.before(uid, from));
        converter.skipTo(from);
        converter.left = Math.clamp(length, 0, Math.max(0, size - from));
        return converter;
    }

    private final class Converter extends InputStream {
        private final FileChannel channel;
        private final ByteBuffer raw = ByteBuffer.allocate(16 * 1024).flip();
        private long rawPosition;
        private long position;
        private long left = Long.MAX_VALUE;
        private boolean afterCr;
        private boolean owesLf;

        Converter(FileChannel channel, ConversionOffsets.Offset start) {
            this.channel = channel;
            this.rawPosition = start.raw();
            this.position = start.converted();
        }

        void skipTo(long target) throws IOException {
            byte[] sink = new byte[Math.clamp(target - position, 1, 8192)];
            while (position < target && read(sink, 0, (int) Math.min(sink.length, target - position)) >= 0) {}
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int limit = (int) Math.min(length, left);
            if (limit == 0) {
                return length == 0 ? 0 : -1;
            }
            int n = 0;
            while (n < limit && (owesLf || raw.hasRemaining() || (n == 0 && fill()))) {
                bytes[offset + n++] = next();
            }
            position += n;
            left -= n;
            return n == 0 ? -1 : n;
        }

        private byte next() {
            if (owesLf) {
                owesLf = false;
                return '\n';
            }
            byte b = raw.get();
            if (b == '\n' && !afterCr) {
                owesLf = true;
                b = '\r';
            }
            afterCr = b == '\r' && !owesLf;
            return b;
        }

        private boolean fill() throws IOException {
            raw.clear();
            int n = channel.read(raw, rawPosition);
            raw.flip();
            rawPosition += Math.max(n, 0);
            return n > 0;
        }

        @Override
        public void close() throws IOException {
            if (!owesLf && !afterCr) {
                offsets.put(uid, position, rawPosition - raw.remaining());
            }
            if (closes) {
                channel.close();
            }
        }
    }
}
