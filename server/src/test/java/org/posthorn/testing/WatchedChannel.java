package org.posthorn.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A channel to a file of {@link WatchedFiles}. Writes and reads at most 1000 octets at a time, as a disk may. */
final class WatchedChannel extends FileChannel {
    private static final int MOST = 1000;

    private final WatchedFiles files;
    private final Path path;
    private final FileChannel channel;

    WatchedChannel(WatchedFiles files, Path path, FileChannel channel) {
        this.files = files;
        this.path = path;
        this.channel = channel;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        files.note("sync", path);
        channel.force(metaData);
    }

    private interface Transfer {
        int some(ByteBuffer bytes) throws IOException;
    }

    private static int some(ByteBuffer bytes, Transfer transfer) throws IOException {
        int limit = bytes.limit();
        bytes.limit(Math.min(limit, bytes.position() + MOST));
        try {
            return transfer.some(bytes);
        } finally {
            bytes.limit(limit);
        }
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        return some(bytes, channel::read);
    }

    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return channel.read(buffers, offset, length);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
        return some(bytes, part -> channel.read(part, position));
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return some(bytes, channel::write);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return channel.write(buffers, offset, length);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        return some(bytes, part -> channel.write(part, position));
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        channel.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        channel.truncate(size);
        return this;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        return channel.transferTo(position, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
        return channel.transferFrom(from, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return channel.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return channel.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return channel.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        channel.close();
    }
}
