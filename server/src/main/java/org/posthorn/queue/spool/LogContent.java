package org.posthorn.queue.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.posthorn.mail.MessageContent;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.LogPosition;

/** Octets of a record in the log, valid while its segment is held. */
record LogContent(CommitLog log, LogPosition position, int offset, long size) implements MessageContent {
    @Override
    public InputStream open(long from, long length) {
        long start = Math.clamp(from, 0, size);
        return new Stream((int) start, (int) (start + Math.clamp(length, 0, size - start)));
    }

    private final class Stream extends InputStream {
        private int at;
        private final int end;

        Stream(int from, int to) {
            this.at = from;
            this.end = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int start, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at >= end) {
                return -1;
            }
            ByteBuffer buffer = ByteBuffer.wrap(into, start, Math.min(length, end - at));
            int count = log.read(position, offset + at, buffer);
            if (count < 0) {
                throw new IOException("the log's segment ends early");
            }
            at += count;
            return count;
        }
    }
}
