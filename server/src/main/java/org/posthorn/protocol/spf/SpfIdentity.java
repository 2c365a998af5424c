package org.posthorn.protocol.spf;

/** Whose authorization was checked (RFC 7208 2.3, 2.4). */
public enum SpfIdentity {
    HELO("smtp.helo"),
    MAIL_FROM("smtp.mailfrom");

    private final String property;

    SpfIdentity(String property) {
        this.property = property;
    }

    /** The property of Authentication-Results (RFC 8601 2.7.2). */
    public String property() {
        return property;
    }
}
