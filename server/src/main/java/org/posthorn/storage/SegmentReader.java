package org.posthorn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads a segment from its start, over torn and damaged places. Used by one thread. */
final class SegmentReader {
    /** What is told of each good record. */
    @FunctionalInterface
    interface Sink {
        void record(int type, LogPosition position, ByteBuffer payload) throws IOException;
    }

    /** Octets that hold no good record. */
    record Damage(long from, long to) {}

    private static final int WINDOW = 1 << 20;

    private final LogFile file;
    private final long segment;
    private final long size;
    private final List<Damage> damage = new ArrayList<>();
    private Optional<Damage> tornTail = Optional.empty();
    private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;

    SegmentReader(LogFile file, long segment) throws IOException {
        this.file = file;
        this.segment = segment;
        this.size = file.size();
    }

    /** Places that good records follow, or the end where the last process knew that it was. */
    List<Damage> damage() {
        return damage;
    }

    /** A record that was begun where nothing good follows: the process or the power went before it was durable. */
    Optional<Damage> tornTail() {
        return tornTail;
    }

    /**
     * Reads on from the start to the last good record.
     *
     * @param limit where the records end, {@link Long#MAX_VALUE} where that is not known
     * @return where the last good record ends
     */
    long read(long limit, Sink sink) throws IOException {
        long end = Math.min(size, limit);
        long at = 0;
        long goodEnd = 0;
        long begun = 0;
        while (at + RecordHeader.SIZE <= end) {
            RecordHeader header = headerAt(at);
            if (!header.isPresent() || at + RecordHeader.room(header.length()) > size) {
                at = skip(at);
            } else {
                long next = at + RecordHeader.room(header.length());
                if (isIntact(header, at)) {
                    if (at > goodEnd) {
                        damage.add(new Damage(goodEnd, at));
                    }
                    sink.record(
                            header.type(),
                            new LogPosition(segment, at + RecordHeader.SIZE, header.length()),
                            payload(header, at));
                    goodEnd = next;
                }
                begun = next;
                at = next;
            }
        }
        if (limit != Long.MAX_VALUE && goodEnd < limit) {
            damage.add(new Damage(goodEnd, Math.max(goodEnd, end)));
        } else if (goodEnd < begun) {
            tornTail = Optional.of(new Damage(goodEnd, begun));
        }
        return goodEnd;
    }

    /** The content of the first record if it is good and of this type. */
    Optional<ByteBuffer> first(int type) throws IOException {
        if (size < RecordHeader.SIZE) {
            return Optional.empty();
        }
        RecordHeader header = headerAt(0);
        return header.isPresent()
                        && header.type() == type
                        && RecordHeader.room(header.length()) <= size
                        && isIntact(header, 0)
                ? Optional.of(payload(header, 0))
                : Optional.empty();
    }

    private boolean isIntact(RecordHeader header, long at) throws IOException {
        require(at, RecordHeader.SIZE + header.length());
        CRC32C sum = new CRC32C();
        sum.update(header.type());
        sum.update(window.array(), payloadIndex(at), header.length());
        return (int) sum.getValue() == header.crc();
    }

    private ByteBuffer payload(RecordHeader header, long at) {
        return ByteBuffer.wrap(window.array(), payloadIndex(at), header.length())
                .slice();
    }

    private int payloadIndex(long at) {
        return (int) (at - windowStart) + RecordHeader.SIZE;
    }

    /** The next place that could begin a record: zeros and stale octets are passed over within the window. */
    private long skip(long from) {
        long at = from + 8;
        long windowEnd = windowStart + window.limit();
        while (at + RecordHeader.SIZE <= windowEnd) {
            int index = (int) (at - windowStart);
            if (window.getLong(index) != 0
                    && RecordHeader.read(window, index, segment, at).isPresent()) {
                return at;
            }
            at += 8;
        }
        return at;
    }

    private RecordHeader headerAt(long at) throws IOException {
        require(at, RecordHeader.SIZE);
        return RecordHeader.read(window, (int) (at - windowStart), segment, at);
    }

    private void require(long at, int length) throws IOException {
        if (at >= windowStart && at + length <= windowStart + window.limit()) {
            return;
        }
        if (length > window.capacity()) {
            window = ByteBuffer.allocate(length + WINDOW);
        }
        window.clear();
        windowStart = at;
        while (window.hasRemaining()) {
            int count = file.read(window, windowStart + window.position());
            if (count < 0) {
                break;
            }
        }
        window.flip();
        if (window.limit() < length) {
            throw new IOException("segment " + segment + " ends early");
        }
    }
}
