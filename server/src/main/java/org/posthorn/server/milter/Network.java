package org.posthorn.server.milter;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A block of addresses in CIDR notation (RFC 4632 3.1).
 *
 * @param address its first address, text of IPv4 or IPv6
 * @param prefix bits that count
 */
public record Network(InetAddress address, int prefix) {
    /** Throws IllegalArgumentException for a prefix longer than the address. */
    public Network {
        if (prefix < 0 || prefix > 8 * address.getAddress().length) {
            throw new IllegalArgumentException("/" + prefix + " does not fit " + address.getHostAddress());
        }
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address; never a name.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Network(address, 8 * address.getAddress().length);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a network");
        }
        return new Network(address, Integer.parseInt(bits));
    }

    /** Whether an address lies within; one of the other family never does. */
    public boolean holds(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        int whole = prefix / 8;
        if (ours.length != theirs.length || !Arrays.equals(ours, 0, whole, theirs, 0, whole)) {
            return false;
        }
        int rest = prefix % 8;
        return rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xff) >>> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
