package org.posthorn.protocol.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What macros stand for in one check (RFC 7208 7.2).
 *
 * @param localPart of the sender
 * @param senderDomain of the sender, in A-labels where it has some
 * @param validatedName finds the value of %{p} for a domain; it asks the DNS
 */
record MacroValues(
        InetAddress client,
        String localPart,
        String senderDomain,
        String helo,
        String receivingHost,
        Instant now,
        Function<String, String> validatedName) {
    /** Octets of a name in the DNS without its final dot. */
    private static final int MAX_DOMAIN = 253;

    private static final String UNRESERVED = "-._~";

    /** A domain-spec's value: RFC 7208 7.3 drops labels from the left until it is short enough. */
    String domain(MacroString spec, String current) {
        String domain = expand(spec, current, Integer.MAX_VALUE).orElseThrow();
        while (domain.length() > MAX_DOMAIN) {
            int dot = domain.indexOf('.', domain.length() - MAX_DOMAIN - 1);
            domain = dot < 0 ? domain.substring(domain.length() - MAX_DOMAIN) : domain.substring(dot + 1);
        }
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    /** The text with its macros expanded; empty when it becomes longer than allowed. */
    Optional<String> expand(MacroString string, String current, int maxLength) {
        StringBuilder text = new StringBuilder();
        for (MacroString.Part part : string.parts()) {
            switch (part) {
                case MacroString.Literal(String literal) -> text.append(literal);
                case MacroString.Macro macro -> text.append(value(macro, current));
            }
            if (text.length() > maxLength) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toString());
    }

    private String value(MacroString.Macro macro, String current) {
        List<String> parts = split(raw(macro.letter(), current), macro.delimiters());
        if (macro.reversed()) {
            Collections.reverse(parts);
        }
        String value = String.join(".", parts.subList(Math.max(0, parts.size() - macro.keep()), parts.size()));
        return macro.escaped() ? escaped(value) : value;
    }

    private String raw(char letter, String current) {
        return switch (letter) {
            case 's' -> localPart + "@" + senderDomain;
            case 'l' -> localPart;
            case 'o' -> senderDomain;
            case 'd' -> current;
            case 'i' -> dotted();
            case 'p' -> validatedName.apply(current);
            case 'v' -> client instanceof Inet4Address ? "in-addr" : "ip6";
            case 'h' -> helo;
            case 'c' -> AddressText.of(client);
            case 'r' -> receivingHost;
            case 't' -> String.valueOf(now.getEpochSecond());
            default -> throw new IllegalStateException("a macro that the parser does not let through: " + letter);
        };
    }

    /** RFC 7208 7.3: IPv4 as usual, IPv6 as 32 digits with dots between, which the test suite has in upper case. */
    private String dotted() {
        if (client instanceof Inet4Address) {
            return client.getHostAddress();
        }
        String digits = HexFormat.of().withUpperCase().formatHex(client.getAddress());
        return String.join(".", digits.split(""));
    }

    private static List<String> split(String value, String delimiters) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            if (delimiters.indexOf(value.charAt(i)) >= 0) {
                parts.add(value.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(value.substring(start));
        return parts;
    }

    /** RFC 3986 2.3: everything but unreserved characters. */
    private static String escaped(String value) {
        StringBuilder text = new StringBuilder(value.length() * 3);
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                text.append(c);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return text.toString();
    }
}
