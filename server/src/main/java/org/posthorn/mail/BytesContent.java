package org.posthorn.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Content held in memory. */
final class BytesContent implements MessageContent {
    private final byte[] bytes;

    BytesContent(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public InputStream open(long from, long length) {
        int start = (int) Math.min(from, bytes.length);
        return new ByteArrayInputStream(bytes, start, (int) Math.min(length, bytes.length - start));
    }

    @Override
    public void transferTo(long from, long length, OutputStream out) throws IOException {
        int start = (int) Math.min(from, bytes.length);
        out.write(bytes, start, (int) Math.min(length, bytes.length - start));
    }
}
