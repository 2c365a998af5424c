package org.posthorn.storage;

/**
 * Where a record's payload lies.
 *
 * @param segment number of the segment, which rises for ever
 * @param offset of the payload in the segment
 * @param length octets of the payload
 */
public record LogPosition(long segment, long offset, int length) {}
