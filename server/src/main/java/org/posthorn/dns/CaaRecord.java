package org.posthorn.dns;

/** One CAA record (RFC 8659 4.1): the tag in lower case, the value as written. */
public record CaaRecord(boolean critical, String tag, String value) {}
