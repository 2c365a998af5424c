package org.posthorn.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

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
        return new LogFileOnDisk(path);
    }
}
