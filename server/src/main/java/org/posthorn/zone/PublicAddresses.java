package org.posthorn.zone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.dns.PublicAddress;

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
                    .filter(PublicAddress::is)
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
}
