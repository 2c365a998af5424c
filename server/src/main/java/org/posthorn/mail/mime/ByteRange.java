package org.posthorn.mail.mime;

/** Octets of a message, from {@code start} inclusive. */
public record ByteRange(long start, long length) {
    public ByteRange {
        if (start < 0 || length < 0) {
            throw new IllegalArgumentException("a range from " + start + " of " + length + " octets");
        }
    }

    static ByteRange between(long start, long end) {
        return new ByteRange(start, end - start);
    }

    /** The first octet after it. */
    public long end() {
        return start + length;
    }

    /** The part of this range that starts {@code from} octets into it and is at most {@code count} octets long (RFC 3501 6.4.5). */
    public ByteRange sub(long from, long count) {
        long skipped = Math.min(from, length);
        return new ByteRange(start + skipped, Math.min(count, length - skipped));
    }
}
