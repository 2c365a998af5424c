package org.posthorn.protocol.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses for people to read (RFC 5952 4): the longest run of zero groups as {@code ::}. */
final class AddressText {
    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(?::0)+(?![0-9a-f])");

    private AddressText() {}

    static String of(InetAddress address) {
        String full = address.getHostAddress();
        if (address instanceof Inet4Address) {
            return full;
        }
        String longest = "";
        int start = 0;
        Matcher zeros = ZEROS.matcher(full);
        while (zeros.find()) {
            if (zeros.group().length() > longest.length()) {
                longest = zeros.group();
                start = zeros.start();
            }
        }
        if (longest.isEmpty()) {
            return full;
        }
        String before = full.substring(0, start).replaceFirst(":$", "");
        String after = full.substring(start + longest.length()).replaceFirst("^:", "");
        return before + "::" + after;
    }
}
