package org.posthorn.storage;

/**
 * Sizes of a log.
 *
 * @param segmentSize octets of the first segments, default 16 MiB
 * @param maxSegmentSize octets up to which segments double while they fill within half a minute each, default 64 MiB
 * @param spares emptied segments kept for use again, default 3
 */
public record CommitLogConfig(long segmentSize, long maxSegmentSize, int spares) {
    public static final CommitLogConfig DEFAULT = new CommitLogConfig(16L << 20, 64L << 20, 3);

    public CommitLogConfig {
        if (segmentSize < 4096 || maxSegmentSize < segmentSize || spares < 0) {
            throw new IllegalArgumentException("segments of " + segmentSize + " to " + maxSegmentSize);
        }
    }
}
