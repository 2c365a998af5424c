package org.posthorn.mail;

import java.util.Locale;

/** The IP addresses in brackets of RFC 5321 4.1.3. General literals with other tags have no registered use and are refused. */
final class AddressLiteral {
    private static final String IPV6 = "IPv6:";

    private AddressLiteral() {}

    /** The literal with its tag as the RFC writes it and hexadecimal digits in lower case. */
    static String normalise(String text) {
        if (text.regionMatches(true, 1, IPV6, 0, IPV6.length())) {
            return "[" + IPV6 + text.substring(1 + IPV6.length()).toLowerCase(Locale.ROOT);
        }
        return text;
    }

    static void check(String literal) {
        if (literal.length() < 3 || !literal.endsWith("]")) {
            throw MalformedAddressException.of("not an address literal", literal);
        }
        String address = literal.substring(1, literal.length() - 1);
        boolean good = address.startsWith(IPV6) ? isIpv6(address.substring(IPV6.length())) : isIpv4(address);
        if (!good) {
            throw MalformedAddressException.of("not an address literal", literal);
        }
    }

    static boolean isIpv4(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return false;
        }
        for (String octet : octets) {
            if (!octet.matches("[0-9]{1,3}") || Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }

    /** RFC 4291 2.2: eight groups, or fewer around one "::"; the last two may be written as an IPv4 address. */
    static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int before = groups(text.substring(0, gap), false);
        int after = groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** How many groups of 16 bits, or -1. */
    private static int groups(String text, boolean mayEndInIpv4) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] groups = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < groups.length; i++) {
            if (groups[i].matches("[0-9a-f]{1,4}")) {
                count++;
            } else if (mayEndInIpv4 && i == groups.length - 1 && isIpv4(groups[i])) {
                count += 2;
            } else {
                return -1;
            }
        }
        return count;
    }
}
