package org.posthorn.mailbox;

/**
 * What the index knows of a message. Immutable: a change of flags makes a new one with a higher modSeq.
 *
 * @param uid 1 to 2^32-1
 * @param modSeq of the last change (RFC 7162); ascends over the whole account
 * @param internalDate milliseconds since 1970
 * @param size octets in CRLF form
 */
public record Message(long uid, long modSeq, Flags flags, long internalDate, long size) {}
