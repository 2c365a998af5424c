package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The names of addresses in the reverse zones (RFC 1035 3.5, RFC 3596 2.5). */
public final class ReverseName {
    private static final String HEX = "0123456789abcdef";

    private ReverseName() {}

    /** The name, without final dot. */
    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder(80);
        if (address instanceof Inet4Address) {
            for (int i = bytes.length - 1; i >= 0; i--) {
                name.append(bytes[i] & 0xff).append('.');
            }
            return name.append("in-addr.arpa").toString();
        }
        for (int i = bytes.length - 1; i >= 0; i--) {
            name.append(HEX.charAt(bytes[i] & 15)).append('.');
            name.append(HEX.charAt(bytes[i] >> 4 & 15)).append('.');
        }
        return name.append("ip6.arpa").toString();
    }
}
