package org.posthorn.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.posthorn.log.MailLog;

/**
 * A write-ahead log with group commit. First {@link #recover}, then {@link #start}, then append. Thread-safe after that.
 *
 * <p>Segments are given back strictly oldest first, so a record never outlives one that was written after it: what a later
 * record says of an earlier one stays true.
 */
public final class CommitLog implements Closeable {
    /** Of segments, headers and stamps. */
    public static final DataFormat FORMAT = new DataFormat("log", 1, 1);

    /** Octets of the largest payload. */
    public static final int MAX_RECORD = 8 << 20;

    /** The type that the log itself uses; an owner's types are 1 to 255. */
    static final int STAMP = 0;

    /** Reads what an earlier process has left. */
    public interface Replay {
        /** A segment begins; the octets are what the stamp supplier of that time has said. */
        void segment(byte[] stamp);

        /** A good record; the payload is valid during the call. */
        void record(int type, LogPosition position, ByteBuffer payload) throws IOException;

        /**
         * Octets that were a record or several and are none now, in pieces of at most {@link #MAX_RECORD}; none where the file
         * ends before its records do. Not the tail that a crash has torn: nobody was told that it is there.
         */
        default void damaged(LogPosition position, ByteBuffer octets) throws IOException {}
    }

    private final SegmentFiles files;
    private final MailLog mailLog;
    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final SegmentEnds ends = new SegmentEnds();
    private final LogWriter writer;

    /**
     * A log in a directory, which is made if it is missing.
     *
     * @param stamp octets that begin each segment, asked for when it is begun
     */
    public CommitLog(
            Path directory, CommitLogConfig config, LogFile.Opener opener, Supplier<byte[]> stamp, MailLog mailLog) {
        this.files = new SegmentFiles(directory, opener, config.spares());
        this.mailLog = mailLog;
        this.writer =
                new LogWriter(files, config, segments, () -> ends.stamp(segments.keySet(), stamp.get()), ends, mailLog);
    }

    /** Reads all records in the order in which they were written; damaged ones are reported to the mail log. */
    public void recover(Replay replay) throws IOException {
        List<Segment> found = files.existing();
        for (Segment segment : found) {
            segments.put(segment.number, segment);
            new SegmentReader(segment.file, segment.number).first(STAMP).ifPresent(ends::read);
        }
        for (Segment segment : found) {
            recover(segment, replay);
        }
    }

    private void recover(Segment segment, Replay replay) throws IOException {
        SegmentReader reader = new SegmentReader(segment.file, segment.number);
        segment.written = reader.read(ends.of(segment.number), (type, position, payload) -> {
            if (type == STAMP) {
                replay.segment(SegmentEnds.ownersPart(payload));
            } else {
                replay.record(type, position, payload);
            }
        });
        for (SegmentReader.Damage damage : reader.damage()) {
            tell(MailLog.Level.ERROR, "log-damaged", segment, damage);
            long from = damage.from();
            do {
                LogPosition piece =
                        new LogPosition(segment.number, from, (int) Math.min(MAX_RECORD, damage.to() - from));
                replay.damaged(piece, ByteBuffer.wrap(readAll(piece)));
                from += MAX_RECORD;
            } while (from < damage.to());
        }
        reader.tornTail().ifPresent(tail -> tell(MailLog.Level.INFO, "log-tail-torn", segment, tail));
        // The process may have been killed before its last sync: what we go by from now on has to stay.
        segment.file.sync();
        segment.synced = segment.written;
        ends.add(segment.number, segment.written);
    }

    private void tell(MailLog.Level level, String event, Segment segment, SegmentReader.Damage where) {
        mailLog.event(level, "spool", "", event, "segment", segment.path, "from", where.from(), "to", where.to());
    }

    /** Begins to take records. */
    public void start() {
        writer.start();
    }

    /**
     * Appends a record that its caller waits for with {@link PendingRecord#await}; its segment stays until {@link #release}.
     *
     * @throws IOException the record is too large or the log is closed
     */
    public PendingRecord keep(int type, byte[]... parts) throws IOException {
        return writer.append(new PendingRecord(type, PendingRecord.Kind.KEPT, parts));
    }

    /** Appends a record that its caller waits for, and that nothing holds. Records appended before are durable with it. */
    public PendingRecord sync(int type, byte[]... parts) throws IOException {
        return writer.append(new PendingRecord(type, PendingRecord.Kind.SYNCED, parts));
    }

    /**
     * Appends a record that nobody waits for: written as soon as the log's thread comes to it, durable within about a
     * second. Dropped when the log is closed.
     */
    public void note(int type, byte[]... parts) throws IOException {
        writer.append(new PendingRecord(type, PendingRecord.Kind.NOTE, parts));
    }

    /** Holds a segment for a record found at recovery, as {@link #keep} does for a new one. */
    public void pin(LogPosition position) {
        segment(position).ifPresent(segment -> segment.pins.incrementAndGet());
    }

    /** Gives up one record's hold on its segment. */
    public void release(LogPosition position) {
        segment(position).ifPresent(segment -> segment.pins.decrementAndGet());
    }

    /**
     * Reads from a payload that is held.
     *
     * @param from offset in the payload
     * @return octets read, -1 at the end of the payload
     */
    public int read(LogPosition position, int from, ByteBuffer into) throws IOException {
        if (from >= position.length()) {
            return -1;
        }
        Segment segment =
                segment(position).orElseThrow(() -> new IOException("segment " + position.segment() + " is gone"));
        int room = Math.min(into.remaining(), position.length() - from);
        return segment.file.read(into.slice(into.position(), room), position.offset() + from) < 0
                ? -1
                : advance(into, room);
    }

    /** All of a payload that is held. */
    public byte[] readAll(LogPosition position) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(position.length());
        while (record.hasRemaining()) {
            if (read(position, record.position(), record) < 0) {
                throw new IOException("record ends early");
            }
        }
        return record.array();
    }

    private static int advance(ByteBuffer into, int count) {
        into.position(into.position() + count);
        return count;
    }

    private Optional<Segment> segment(LogPosition position) {
        return Optional.ofNullable(segments.get(position.segment()));
    }

    /** Full segments, oldest first, that nothing holds, up to the first that is held. */
    public List<Long> releasable() {
        List<Long> result = new ArrayList<>();
        for (Segment segment : segments.headMap(writer.currentNumber()).values()) {
            if (segment.pins.get() != 0) {
                break;
            }
            result.add(segment.number);
        }
        return result;
    }

    /** The oldest segment if it is full, and how many records hold it. */
    public Optional<Map.Entry<Long, Integer>> oldest() {
        Map.@Nullable Entry<Long, Segment> first = segments.firstEntry();
        if (first == null || first.getKey() >= writer.currentNumber()) {
            return Optional.empty();
        }
        return Optional.of(Map.entry(first.getKey(), first.getValue().pins.get()));
    }

    /** Gives back segments that {@link #releasable} has named. */
    public void free(List<Long> numbers) throws IOException {
        List<Segment> freed = new ArrayList<>();
        for (Long number : numbers) {
            Optional.ofNullable(segments.remove(number)).ifPresent(freed::add);
        }
        files.free(freed);
    }

    /** Octets of all segments in use. */
    public long size() {
        return segments.values().stream().mapToLong(segment -> segment.size).sum();
    }

    /** Syncs done so far. */
    public long syncs() {
        return writer.syncs();
    }

    /** False once its thread has ended by itself: then nothing can be written any more. */
    public boolean alive() {
        return writer.alive();
    }

    /** Writes and syncs what was appended, and ends. */
    @Override
    public void close() {
        writer.close();
        segments.values().forEach(Segment::closeQuietly);
    }
}
