package org.posthorn.queue.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.MessageContent;

/** Takes a message's octets: into memory up to a limit, all of them into a file beyond it. Used by one thread. */
final class DraftBuffer {
    private static final int FIRST = 8 << 10;

    /** Each step copies what is there. */
    private static final int GROWTH = 4;

    private final Path file;
    private final int limit;
    private byte[] buffer = new byte[0];
    private int used;
    private long flushed;
    private @Nullable FileChannel channel;

    DraftBuffer(Path file, long limit) {
        this.file = file;
        this.limit = Math.toIntExact(limit);
    }

    long size() {
        return flushed + used;
    }

    boolean inFile() {
        return channel != null;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (used == buffer.length && !grow(left)) {
                flush();
            }
            int count = Math.min(left, buffer.length - used);
            System.arraycopy(bytes, from, buffer, used, count);
            used += count;
            from += count;
            left -= count;
        }
    }

    private boolean grow(int wanted) {
        if (buffer.length >= limit) {
            return false;
        }
        int larger = Math.clamp((long) buffer.length * GROWTH, Math.min(Math.max(FIRST, used + wanted), limit), limit);
        buffer = Arrays.copyOf(buffer, larger);
        return true;
    }

    private void flush() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        ByteBuffer rest = ByteBuffer.wrap(buffer, 0, used);
        while (rest.hasRemaining()) {
            flushed += channel.write(rest, flushed);
        }
        used = 0;
    }

    /** What was written so far, for reading before the next write. */
    MessageContent content() throws IOException {
        if (channel == null) {
            return new ArrayContent(buffer, used);
        }
        flush();
        return MessageContent.ofFile(file, 0, flushed);
    }

    /** The octets of a message that is in memory. */
    byte[] inMemory() {
        return used == buffer.length ? buffer : Arrays.copyOf(buffer, used);
    }

    /** Makes the file durable, but not its name. */
    void sync() throws IOException {
        flush();
        if (channel != null) {
            channel.force(false);
            channel.close();
        }
    }

    /** Removes the file if there is one. */
    void drop() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A file without a record in the log is removed at the next start.
        }
    }
}
