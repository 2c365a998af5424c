package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells addresses of the public network from the others. */
public final class PublicAddress {
    private PublicAddress() {}

    /** Whether the IANA registries of special-purpose addresses (RFC 6890) leave it to the public. */
    public static boolean is(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] octets = address.getAddress();
        int first = octets[0] & 0xff;
        int second = octets[1] & 0xff;
        if (address instanceof Inet4Address) {
            // RFC 6598: between a provider's NAT and its customers; RFC 2544: benchmarks; RFC 1112: reserved.
            boolean shared = first == 100 && second >= 64 && second < 128;
            boolean benchmark = first == 198 && (second == 18 || second == 19);
            return first != 0 && first < 240 && !shared && !benchmark;
        }
        // RFC 4291 2.4: global unicast is 2000::/3 today, which leaves out the unique local addresses of RFC 4193.
        return first >> 5 == 1;
    }
}
