package org.posthorn.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The immutable bytes of a message in CRLF form, in memory or in a file. Thread-safe; holds nothing open between calls. Ranges
 * start at an offset of 0 or more and end early where the content does. An IOException means that the bytes cannot be had, for
 * a file also when it is gone or shorter than it was.
 */
public interface MessageContent {
    /** Octets. */
    long size();

    /** {@code length} bytes from {@code from}; close the stream. */
    InputStream open(long from, long length) throws IOException;

    /** All bytes; close the stream. */
    default InputStream open() throws IOException {
        return open(0, size());
    }

    /** Copies {@code length} bytes from {@code from}. */
    default void transferTo(long from, long length, OutputStream out) throws IOException {
        try (InputStream in = open(from, length)) {
            in.transferTo(out);
        }
    }

    /** Content in memory; the array belongs to it from now on and must not change. */
    static MessageContent of(byte[] bytes) {
        return new BytesContent(bytes);
    }

    /** Content that lies in a file, {@code size} octets from {@code offset}; the file must not change while this is in use. */
    static MessageContent ofFile(Path file, long offset, long size) {
        return ofFile(() -> FileChannel.open(file, StandardOpenOption.READ), offset, size);
    }

    /** As {@link #ofFile(Path, long, long)}, for a file that its owner may rename: it is asked to open it for each stream. */
    static MessageContent ofFile(Opener file, long offset, long size) {
        return new FileContent(file, offset, size);
    }

    /** As {@link #ofFile(Path, long, long)}, in a file that its owner keeps open; it stays so. Not to be used after it was closed. */
    static MessageContent ofChannel(FileChannel file, long offset, long size) {
        return new FileContent(() -> file, false, offset, size);
    }

    /** One content behind another. */
    static MessageContent joined(MessageContent first, MessageContent second) {
        return new JoinedContent(first, second);
    }

    /** Opens a file for reading; the caller closes it. */
    @FunctionalInterface
    interface Opener {
        FileChannel open() throws IOException;
    }
}
