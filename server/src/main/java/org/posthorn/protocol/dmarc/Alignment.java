package org.posthorn.protocol.dmarc;

/** How alike the author's domain and an authenticated one have to be (RFC 9989 4.4). */
public enum Alignment {
    /** The same organizational domain. */
    RELAXED,
    /** The same domain. */
    STRICT
}
