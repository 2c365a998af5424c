package org.posthorn.storage;

import java.nio.ByteBuffer;

/**
 * The 16 octets before each payload: length, CRC-32C of type and payload, type, and a check over these and the record's
 * place. The check tells a record from what an earlier use of the same file has left there, and lets recovery find the
 * next record behind a damaged one. Records begin at multiples of 8.
 */
record RecordHeader(int length, int crc, int type) {
    static final int SIZE = 16;
    private static final int ALIGN = 8;

    /** What a record of this payload takes in the segment. */
    static long room(int length) {
        return (SIZE + (long) length + ALIGN - 1) & -ALIGN;
    }

    void put(ByteBuffer to, long segment, long offset) {
        to.putInt(length).putInt(crc).putInt(type).putInt(check(segment, offset));
    }

    /** Reads the header at an index of a buffer; its length is -1 when there is none. */
    static RecordHeader read(ByteBuffer from, int index, long segment, long offset) {
        int length = from.getInt(index);
        if (length <= 0 || length > CommitLog.MAX_RECORD) {
            return NONE;
        }
        RecordHeader header = new RecordHeader(length, from.getInt(index + 4), from.getInt(index + 8));
        return from.getInt(index + 12) == header.check(segment, offset) ? header : NONE;
    }

    private static final RecordHeader NONE = new RecordHeader(-1, 0, 0);

    boolean isPresent() {
        return length >= 0;
    }

    /** The finalizer of MurmurHash3 over the fields: this has to catch accidents, not attacks. */
    private int check(long segment, long offset) {
        long mixed = mix(segment * 0x9E3779B97F4A7C15L + offset);
        mixed = mix(mixed ^ (((long) length << 32) | (crc & 0xFFFFFFFFL)));
        return (int) (mix(mixed + type) >>> 32);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
