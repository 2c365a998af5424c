package org.posthorn.delivery.remote;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a remote destination, read. {@code example.org} is found by MX; {@code host:25}, {@code [host]:25} and
 * {@code [192.0.2.1]:25} name a server, as in Postfix; {@code [192.0.2.1]} and {@code [IPv6:2001:db8::1]} are the
 * address literals of RFC 5321 4.1.3, or a server on the standard port.
 */
sealed interface NextHop {
    /** Ask for the MX records. */
    record MailDomain(String name) implements NextHop {}

    /** Ask for the addresses of this one host. */
    record Host(String name, int port) implements NextHop {}

    /** Nothing to ask. */
    record Literal(InetAddress address, int port) implements NextHop {}

    /** Empty when it cannot be a destination: a bad port, or brackets around nonsense. */
    static Optional<NextHop> parse(String text, int standardPort) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (!bracketed && colon < 0) {
            return Optional.of(new MailDomain(text));
        }
        int end = bracketed ? text.indexOf(']') : colon;
        if (end < 1 || (bracketed && end + 1 < text.length() && text.charAt(end + 1) != ':')) {
            return Optional.empty();
        }
        String host = text.substring(bracketed ? 1 : 0, end);
        String port = bracketed ? text.substring(Math.min(text.length(), end + 2)) : text.substring(end + 1);
        boolean portGiven = !bracketed || end + 1 < text.length();
        if (host.isEmpty() || (portGiven && !port.matches("[0-9]{1,5}"))) {
            return Optional.empty();
        }
        int number = portGiven ? Integer.parseInt(port) : standardPort;
        if (number < 1 || number > 65535) {
            return Optional.empty();
        }
        return server(host, number, bracketed);
    }

    private static Optional<NextHop> server(String host, int port, boolean bracketed) {
        String literal = host.toLowerCase(Locale.ROOT).startsWith("ipv6:") ? host.substring(5) : host;
        boolean address = literal.indexOf(':') >= 0 || literal.matches("[0-9.]+");
        if (!address) {
            return Optional.of(new Host(host, port));
        }
        if (literal.indexOf(':') >= 0 && !bracketed) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Literal(InetAddress.ofLiteral(literal), port));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
