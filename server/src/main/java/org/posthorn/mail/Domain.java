package org.posthorn.mail;

import java.net.IDN;
import java.util.Locale;

/** A mail domain: lower case, A-label form (RFC 5890), without final dot; or an address literal in brackets. */
public record Domain(String name) implements Comparable<Domain> {
    /** Reads a domain in any case, with U-labels or A-labels. */
    public static Domain parse(String text) {
        if (text.isEmpty() || text.length() > 255) {
            throw new MalformedAddressException("not a domain: " + text);
        }
        if (text.startsWith("[")) {
            return new Domain(text.toLowerCase(Locale.ROOT));
        }
        try {
            return new Domain(IDN.toASCII(text).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MalformedAddressException("not a domain: " + text);
        }
    }

    public boolean isAddressLiteral() {
        return name.startsWith("[");
    }

    @Override
    public int compareTo(Domain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
