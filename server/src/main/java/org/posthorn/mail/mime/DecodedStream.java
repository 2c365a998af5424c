package org.posthorn.mail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The bytes of a part without their transfer encoding. Closing it closes the stream of the encoded ones. */
final class DecodedStream extends InputStream {
    private static final int CHUNK = 8192;

    private final InputStream encoded;
    private final TransferDecoder decoder;
    private final byte[] in = new byte[CHUNK];
    private final byte[] out = new byte[CHUNK + TransferDecoder.MAX_HELD_BACK];
    private int at;
    private int limit;
    private boolean ended;

    DecodedStream(InputStream encoded, TransferDecoder decoder) {
        this.encoded = encoded;
        this.decoder = decoder;
    }

    @Override
    public int read() throws IOException {
        return fill() ? out[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, limit - at);
        System.arraycopy(out, at, bytes, from, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return limit - at;
    }

    @Override
    public void close() throws IOException {
        encoded.close();
    }

    /** Makes sure of some bytes; false at the end. */
    private boolean fill() throws IOException {
        while (at == limit && !ended) {
            int read = encoded.read(in, 0, in.length);
            ended = read < 0;
            limit = ended ? decoder.finish(out) : decoder.decode(in, read, out);
            at = 0;
        }
        return at < limit;
    }
}
