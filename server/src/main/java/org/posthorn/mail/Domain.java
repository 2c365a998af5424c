package org.posthorn.mail;

import java.util.Locale;

/**
 * A mail domain: lower case, A-labels (RFC 5890), without a final dot; or an address literal in brackets (RFC 5321 4.1.3).
 *
 * @param name 1 to 253 ASCII characters, such as {@code example.org}, {@code xn--bcher-kva.example}, {@code [192.0.2.1]} or
 *     {@code [IPv6:2001:db8::1]}
 */
public record Domain(String name) implements Comparable<Domain> {
    /** Octets; RFC 5321 4.5.3.1.2 allows 255, but the DNS holds no longer name (RFC 1035 2.3.4, less the lengths of first and root). */
    static final int MAX_LENGTH = 253;

    /** Throws {@link MalformedAddressException} unless the name is in the form that {@link #parse} gives. */
    public Domain {
        if (name.startsWith("[")) {
            AddressLiteral.check(name);
        } else if (name.length() > MAX_LENGTH || !isHostName(name)) {
            throw MalformedAddressException.of("not a domain", name);
        }
    }

    /**
     * Reads a domain in any case, with U-labels or A-labels, or an address literal.
     *
     * @throws MalformedAddressException for anything else, a final dot too
     */
    public static Domain parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw MalformedAddressException.of("domain of more than 253 octets", text);
        }
        if (text.startsWith("[")) {
            return new Domain(AddressLiteral.normalise(text));
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (text.chars().allMatch(c -> c < 0x80) && !lower.contains("xn--")) {
            return new Domain(lower);
        }
        return new Domain(InternationalDomain.toAscii(text)
                .orElseThrow(() -> MalformedAddressException.of("not a domain", text)));
    }

    /** With U-labels where there are any, for people to read. */
    public String unicode() {
        return name.contains("xn--") ? InternationalDomain.toUnicode(name) : name;
    }

    /** Whether it is an IP address in brackets, for which no DNS is asked. */
    public boolean isAddressLiteral() {
        return name.startsWith("[");
    }

    @Override
    public int compareTo(Domain other) {
        return name.compareTo(other.name);
    }

    /** The name, fit for the wire. */
    @Override
    public String toString() {
        return name;
    }

    /** RFC 1123 2.1 and RFC 5321 4.1.2; the underscore too, since names with it are in use. */
    private static boolean isHostName(String name) {
        int label = 0;
        char before = '.';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0 || before == '-') {
                    return false;
                }
                label = 0;
            } else {
                boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                if (!(letterOrDigit || (c == '-' && label > 0)) || ++label > 63) {
                    return false;
                }
            }
            before = c;
        }
        return label > 0 && before != '-';
    }
}
