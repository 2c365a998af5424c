package org.posthorn.storage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Segments that a failed write or sync has ended, and up to where each counts. What lies behind was refused to those who
 * waited for it, so recovery must not bring it back. Every later segment's stamp says so. Thread-safe.
 */
final class Abandoned {
    private final Map<Long, Long> limits = new ConcurrentHashMap<>();

    void add(long segment, long limit) {
        limits.merge(segment, limit, Math::min);
    }

    long limit(long segment) {
        return limits.getOrDefault(segment, Long.MAX_VALUE);
    }

    /** The stamp of a new segment: count, pairs of segment and limit, the owner's octets. */
    byte[] stamp(Set<Long> existing, byte[] owners) {
        limits.keySet().retainAll(existing);
        ByteBuffer stamp = ByteBuffer.allocate(4 + 16 * limits.size() + owners.length);
        stamp.putInt(limits.size());
        limits.forEach((segment, limit) -> stamp.putLong(segment).putLong(limit));
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
