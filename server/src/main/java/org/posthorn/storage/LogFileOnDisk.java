package org.posthorn.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file on disk. Readers have a channel of their own: Java closes a channel when a thread that uses it is interrupted, and
 * no reader may take the writer's away.
 */
final class LogFileOnDisk implements LogFile {
    private final Path path;
    private final FileChannel writer;

    @GuardedBy("this")
    private @Nullable FileChannel reader;

    private volatile boolean closed;

    LogFileOnDisk(Path path) throws IOException {
        this.path = path;
        this.writer =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += writer.write(bytes, at);
        }
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
        while (true) {
            try {
                return reader().read(bytes, position);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                if (closed) {
                    throw e;
                }
                // Another reader was interrupted: open the channel again.
            }
        }
    }

    private synchronized FileChannel reader() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        FileChannel channel = reader;
        if (channel == null || !channel.isOpen()) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            reader = channel;
        }
        return channel;
    }

    @Override
    public void sync() throws IOException {
        writer.force(false);
    }

    @Override
    public long size() throws IOException {
        return writer.size();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (reader != null) {
            reader.close();
        }
        writer.close();
    }
}
