package org.posthorn.dns;

/** What is to be known of a zone's key without checking signatures oneself (RFC 4034 2.1, appendix B); flags 257 mark a key that a DS record may name. */
public record DnskeyRecord(int flags, int algorithm, int keyTag) {}
