package org.posthorn.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A segment in memory, to be filled record by record. Reads give at most 100,000 octets at a time, as a disk may. */
final class MemoryFile implements LogFile {
    private static final int MOST = 100_000;

    private final long segment;
    final byte[] octets;

    MemoryFile(long segment, int size) {
        this.segment = segment;
        this.octets = new byte[size];
    }

    /** Writes a record, and says where the next one may begin. */
    int put(int at, int type, byte[] payload) {
        ByteBuffer to = ByteBuffer.wrap(octets, at, RecordHeader.SIZE).slice();
        new PendingRecord(type, PendingRecord.Kind.NOTE, payload).header().put(to, segment, at);
        System.arraycopy(payload, 0, octets, at + RecordHeader.SIZE, payload.length);
        return Math.toIntExact(at + RecordHeader.room(payload.length));
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
        bytes.get(octets, Math.toIntExact(position), bytes.remaining());
    }

    @Override
    public int read(ByteBuffer bytes, long position) {
        if (position >= octets.length) {
            return -1;
        }
        int from = Math.toIntExact(position);
        int to = Math.min(octets.length, from + Math.min(MOST, bytes.remaining()));
        bytes.put(Arrays.copyOfRange(octets, from, to));
        return to - from;
    }

    @Override
    public void sync() {}

    @Override
    public long size() {
        return octets.length;
    }

    @Override
    public void close() {}
}
