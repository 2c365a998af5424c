package org.posthorn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The segment that is being written, and the one made ready to follow it. Used by the log's thread. */
final class SegmentChain {
    private static final int BUFFER = 256 << 10;
    private static final Duration QUICK = Duration.ofSeconds(30);

    private final SegmentFiles files;
    private final CommitLogConfig config;
    private final ConcurrentSkipListMap<Long, Segment> segments;
    private final Supplier<byte[]> stamp;
    private final SegmentEnds ends;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private long flushed;
    private @Nullable Segment current;
    private @Nullable FutureTask<Segment> next;
    private long size;
    private long begun;
    private volatile long number;

    SegmentChain(
            SegmentFiles files,
            CommitLogConfig config,
            ConcurrentSkipListMap<Long, Segment> segments,
            Supplier<byte[]> stamp,
            SegmentEnds ends) {
        this.files = files;
        this.config = config;
        this.segments = segments;
        this.stamp = stamp;
        this.ends = ends;
        this.size = config.segmentSize();
    }

    /** The number of the segment being written; all others are full. */
    long currentNumber() {
        return number == 0 ? Long.MAX_VALUE : number;
    }

    boolean isOpen() {
        return current != null;
    }

    boolean fits(long room) {
        return current != null && current.fits(room);
    }

    /** Goes on to a new segment if there is none or no room; the caller has synced the old one. */
    void makeRoom(long room) throws IOException {
        if (fits(room)) {
            return;
        }
        if (current != null && System.nanoTime() - begun < QUICK.toNanos()) {
            size = Math.min(size * 2, config.maxSegmentSize());
        }
        if (current != null) {
            ends.add(current.number, current.synced);
        }
        current = null;
        byte[] stampOctets = stamp.get();
        Segment fresh = follow(Math.max(size, room + RecordHeader.room(stampOctets.length)));
        begun = System.nanoTime();
        buffer.clear();
        flushed = 0;
        segments.put(fresh.number, fresh);
        current = fresh;
        number = fresh.number;
        write(new PendingRecord(CommitLog.STAMP, PendingRecord.Kind.NOTE, stampOctets));
    }

    private Segment follow(long wanted) throws IOException {
        FutureTask<Segment> prepared = next;
        next = null;
        if (prepared != null) {
            Segment segment = result(prepared);
            if (segment.size >= wanted) {
                return segment;
            }
            segments.put(segment.number, segment);
        }
        return files.make(nextNumber(), wanted);
    }

    private long nextNumber() {
        return segments.isEmpty() ? Math.max(1, number + 1) : Math.max(number, segments.lastKey()) + 1;
    }

    private static Segment result(FutureTask<Segment> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Writes a record into the buffer, and from there to the file as it fills. */
    LogPosition write(PendingRecord ticket) throws IOException {
        Segment segment = open();
        long offset = segment.written;
        room(RecordHeader.SIZE);
        ticket.header().put(buffer, segment.number, offset);
        for (byte[] part : ticket.parts) {
            put(part);
        }
        int padding = (int) (RecordHeader.room(ticket.length) - RecordHeader.SIZE - ticket.length);
        room(padding);
        for (int i = 0; i < padding; i++) {
            buffer.put((byte) 0);
        }
        segment.written += RecordHeader.room(ticket.length);
        if (ticket.kind == PendingRecord.Kind.KEPT) {
            segment.pins.incrementAndGet();
        }
        if (next == null && segment.written > segment.size / 2) {
            prepare();
        }
        return new LogPosition(segment.number, offset + RecordHeader.SIZE, ticket.length);
    }

    /** Makes the next segment beside the work, so that going on to it costs nothing. */
    void prepare() {
        long following = nextNumber();
        long wanted = size;
        FutureTask<Segment> task = new FutureTask<>(() -> files.make(following, wanted));
        next = task;
        Thread.ofPlatform().daemon().name("commit-log-prepare").start(task);
    }

    private void put(byte[] octets) throws IOException {
        int from = 0;
        while (from < octets.length) {
            room(1);
            int count = Math.min(buffer.remaining(), octets.length - from);
            buffer.put(octets, from, count);
            from += count;
        }
    }

    private void room(int octets) throws IOException {
        if (buffer.remaining() < octets) {
            flush();
        }
    }

    void flush() throws IOException {
        if (current != null && buffer.position() > 0) {
            buffer.flip();
            int count = buffer.remaining();
            current.file.write(buffer, flushed);
            flushed += count;
            buffer.clear();
        }
    }

    void sync() throws IOException {
        Segment segment = open();
        flush();
        segment.file.sync();
        segment.synced = segment.written;
    }

    /** Ends the segment where it was last synced; the records behind that place let go of it. */
    void abandon(Collection<PendingRecord> lost) {
        if (current != null) {
            ends.add(current.number, current.synced);
            for (PendingRecord ticket : lost) {
                if (ticket.kind == PendingRecord.Kind.KEPT && ticket.isPlaced()) {
                    current.pins.decrementAndGet();
                }
            }
            current = null;
        }
        buffer.clear();
    }

    private Segment open() throws IOException {
        if (current == null) {
            throw new IOException("no segment");
        }
        return current;
    }

    void close() {
        if (next != null) {
            try {
                files.free(List.of(result(next)));
            } catch (IOException e) {
                // It was not needed.
            }
        }
    }
}
