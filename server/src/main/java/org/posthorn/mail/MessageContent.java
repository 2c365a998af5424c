package org.posthorn.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The immutable bytes of a message in CRLF form, in memory or in a file. Thread-safe. */
public interface MessageContent {
    /** Octets. */
    long size();

    /** A part of the bytes, from inclusive; ends early where the content does. */
    InputStream open(long from, long length) throws IOException;

    default InputStream open() throws IOException {
        return open(0, size());
    }

    default void transferTo(long from, long length, OutputStream out) throws IOException {
        try (InputStream in = open(from, length)) {
            in.transferTo(out);
        }
    }

    static MessageContent of(byte[] bytes) {
        return new BytesContent(bytes);
    }
}
