package org.posthorn.zone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** The addresses of this machine's interfaces that the world can reach, if there are any. */
public final class PublicAddresses {
    private static final int MAX = 16;

    private PublicAddresses() {}

    /** Those of all interfaces that are up, IPv4 first, at most {@value #MAX}; empty behind a NAT. */
    public static List<InetAddress> ofInterfaces() {
        List<InetAddress> ipv4 = new ArrayList<>();
        List<InetAddress> ipv6 = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces()
                    .filter(PublicAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(PublicAddresses::isPublic)
                    .forEach(address -> (address instanceof Inet4Address ? ipv4 : ipv6).add(withoutScope(address)));
        } catch (SocketException e) {
            // The system does not tell: the same to the caller as having none.
        }
        ipv4.addAll(ipv6);
        return ipv4.stream().distinct().limit(MAX).toList();
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of another length than an address has", e);
        }
    }

    /** Whether the IANA registries of special-purpose addresses (RFC 6890) leave it to the public. */
    public static boolean isPublic(InetAddress address) {
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
