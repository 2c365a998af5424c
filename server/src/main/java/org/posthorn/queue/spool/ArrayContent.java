package org.posthorn.queue.spool;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.posthorn.mail.MessageContent;

/** The first octets of an array. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ArrayContent(byte[] bytes, int length) implements MessageContent {
    @Override
    public long size() {
        return length;
    }

    @Override
    public InputStream open(long from, long count) {
        int start = Math.clamp(from, 0, length);
        return new ByteArrayInputStream(bytes, start, Math.clamp(count, 0, length - start));
    }

    @Override
    public void transferTo(long from, long count, OutputStream out) throws IOException {
        int start = Math.clamp(from, 0, length);
        out.write(bytes, start, Math.clamp(count, 0, length - start));
    }
}
