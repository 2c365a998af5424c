package org.posthorn.protocol.dkim;

/** How much change on the way a signature survives (RFC 6376 3.4). */
public enum Canonicalization {
    /** Hardly any. */
    SIMPLE("simple"),
    /** White space may be added, removed and folded. */
    RELAXED("relaxed");

    private final String tag;

    Canonicalization(String tag) {
        this.tag = tag;
    }

    /** The name in a {@code c=} tag. */
    public String tag() {
        return tag;
    }
}
