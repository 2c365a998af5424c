package org.posthorn.storage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the segments end that nothing is written to any more. Everything before such an end was durable when the next segment
 * began, so what cannot be read there is damage, at its tail too. What lies behind it does not count: a crash has torn it, or a failed write
 * or sync has ended the segment there and it was refused to those who waited for it, so recovery must not bring it back. Every
 * later segment's stamp says so. Thread-safe.
 */
final class SegmentEnds {
    private final Map<Long, Long> ends = new ConcurrentHashMap<>();

    void add(long segment, long end) {
        ends.merge(segment, end, Math::min);
    }

    /** Octets, {@link Long#MAX_VALUE} where nothing is known: it was the last segment of its process. */
    long of(long segment) {
        return ends.getOrDefault(segment, Long.MAX_VALUE);
    }

    /** The stamp of a new segment: count, pairs of segment and end, the owner's octets. */
    byte[] stamp(Set<Long> existing, byte[] owners) {
        ends.keySet().retainAll(existing);
        ByteBuffer stamp = ByteBuffer.allocate(4 + 16 * ends.size() + owners.length);
        stamp.putInt(ends.size());
        ends.forEach((segment, end) -> stamp.putLong(segment).putLong(end));
        return stamp.put(owners).array();
    }

    /** Learns from the stamp of a segment. */
    void read(ByteBuffer stamp) {
        try {
            for (int left = stamp.getInt(); left > 0; left--) {
                add(stamp.getLong(), stamp.getLong());
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("not a stamp", e);
        }
    }

    static byte[] ownersPart(ByteBuffer stamp) {
        ByteBuffer copy = stamp.duplicate();
        copy.position(Math.clamp(4L + 16L * copy.getInt(0), 4, copy.limit()));
        byte[] owners = new byte[copy.remaining()];
        copy.get(owners);
        return owners;
    }
}
