package org.posthorn.mail;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Internet addresses with the same beginning (RFC 4632, RFC 4291 2.3).
 *
 * @param prefix bits that are the same
 */
public record Network(InetAddress address, int prefix) {
    public Network {
        if (prefix < 0 || prefix > address.getAddress().length * 8) {
            throw new IllegalArgumentException("a prefix of 0 to " + address.getAddress().length * 8 + " bits");
        }
    }

    /** What one customer has, and all that is known of who a client is: an IPv4 address, or a /64 of IPv6 (RFC 6177 2). */
    public static Network ofClient(InetAddress client) {
        byte[] octets = client.getAddress();
        if (octets.length == 4) {
            return new Network(client, 32);
        }
        Arrays.fill(octets, 8, 16, (byte) 0);
        try {
            return new Network(InetAddress.getByAddress(octets), 64);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 octets are an address", e);
        }
    }

    /**
     * Reads an address, perhaps with a slash and a number of bits.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        // Java would take 10.1 for 10.0.0.1.
        if (!literal.contains(":") && literal.chars().filter(c -> c == '.').count() != 3) {
            throw new IllegalArgumentException("not an address: " + literal);
        }
        InetAddress address = InetAddress.ofLiteral(literal);
        return new Network(
                address,
                slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text, slash + 1, text.length(), 10));
    }

    /** Whether the other address is of the same family and has the same first bits. */
    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % 8;
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
