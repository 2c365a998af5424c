package org.posthorn.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values with units, as people write them. What cannot be understood is an IllegalArgumentException that says how to write it. */
public final class Units {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}) ?(B|KiB|MiB|GiB)?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|h|d)");
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9_.-]+)|\\*)?(?::([0-9]{1,5}))?");

    private Units() {}

    /** {@code 1000}, {@code "64 KiB"}, {@code "50MiB"}, {@code "2 GiB"} in octets. */
    public static long size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a size; write 1000, \"64 KiB\", \"50 MiB\" or \"2 GiB\"");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        return switch (unit) {
            case "KiB" -> number << 10;
            case "MiB" -> number << 20;
            case "GiB" -> number << 30;
            default -> number;
        };
    }

    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a time; write \"500ms\", \"30s\", \"5m\", \"4h\" or \"5d\"");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** {@code HOST:PORT}; {@code *:PORT} or {@code :PORT} is every address of this machine. Not looked up for host names. */
    public static InetSocketAddress address(String text, int defaultPort) {
        Matcher matcher = ADDRESS.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an address; write \"127.0.0.1:25\", \"[::1]:25\" or \"*:25\"");
        }
        int port = matcher.group(3) == null ? defaultPort : Integer.parseInt(matcher.group(3));
        if (port > 65535 || port < 0) {
            throw new IllegalArgumentException("\"" + text + "\" has no port from 0 to 65535");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        if (host == null) {
            return new InetSocketAddress(port);
        }
        boolean needsNoLookup = host.equals("localhost") || host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        return needsNoLookup ? new InetSocketAddress(host, port) : InetSocketAddress.createUnresolved(host, port);
    }
}
