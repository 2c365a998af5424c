package org.posthorn.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of a log. The seam where tests let writes and syncs fail. Reads may run beside one writer. */
public interface LogFile extends Closeable {
    /** Writes all that remains in the buffer. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads some octets; -1 at the end. */
    int read(ByteBuffer bytes, long position) throws IOException;

    /** Makes what was written durable, data only where the size has not changed (fdatasync). */
    void sync() throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;

    /** Opens files of a log, for reading and writing, and makes those that are missing. */
    @FunctionalInterface
    interface Opener {
        LogFile open(Path path) throws IOException;
    }

    /** Opens a file on disk. */
    static LogFile onDisk(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new OnDisk(channel);
    }

    /** A file on disk. */
    record OnDisk(FileChannel channel) implements LogFile {
        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return channel.read(bytes, position);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
