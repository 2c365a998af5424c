package org.posthorn.abuse;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** What one customer has: an IPv4 address, or a /64 of IPv6. */
record ClientNetwork(boolean ipv4, long prefix) {
    static ClientNetwork of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? new ClientNetwork(true, bytes.getInt())
                : new ClientNetwork(false, bytes.getLong());
    }

    /** What {@link #toString} has written. Throws IllegalArgumentException for anything else. */
    static ClientNetwork parse(String text) {
        return new ClientNetwork(text.charAt(0) == '4', Long.parseLong(text, 1, text.length(), 36));
    }

    @Override
    public String toString() {
        return (ipv4 ? "4" : "6") + Long.toString(prefix, 36);
    }
}
