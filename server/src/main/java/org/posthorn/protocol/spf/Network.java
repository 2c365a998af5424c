package org.posthorn.protocol.spf;

import java.net.InetAddress;

/** An address and how many of its first bits count. */
public record Network(InetAddress address, int prefix) {
    /** Whether the other address is of the same family and has the same first bits. */
    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] others = other.getAddress();
        if (mine.length != others.length) {
            return false;
        }
        int bits = Math.min(prefix, mine.length * 8);
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if (((mine[i / 8] ^ others[i / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
