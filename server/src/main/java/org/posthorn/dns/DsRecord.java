package org.posthorn.dns;

/** One DS record (RFC 4034 5.1), with which a parent vouches for a key of its child; the digest in lower-case hexadecimal. */
public record DsRecord(int keyTag, int algorithm, int digestType, String digest) {}
