package org.posthorn.protocol.authres;

/**
 * What a method looked at (RFC 8601 2.3).
 *
 * @param type smtp, header, body, policy, polrec; lower case
 * @param name such as mailfrom or d, in the case given
 * @param value without quotes
 */
public record Property(String type, String name, String value) {
    /** Whether this is its name, in any case, such as {@code header.d}. */
    public boolean is(String typeAndName) {
        return (type + "." + name).equalsIgnoreCase(typeAndName);
    }
}
