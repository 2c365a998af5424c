package org.posthorn.mail.mime;

import java.util.Arrays;

/**
 * Base64 (RFC 2045 6.8). What follows padding on its line is nothing; the next line starts anew, for some senders join encoded
 * pieces.
 */
final class Base64Decoder implements TransferDecoder {
    private static final byte[] VALUES = values();
    private static final byte PADDING = -2;

    private int bits;
    private int count;
    /** Whether padding ended the data of this line. */
    private boolean padded;

    @Override
    public int decode(byte[] in, int length, byte[] out) {
        int to = 0;
        for (int i = 0; i < length; i++) {
            int value = VALUES[in[i] & 0xff];
            if (padded) {
                padded = in[i] != '\n';
            } else if (value >= 0) {
                bits = bits << 6 | value;
                if (++count == 4) {
                    out[to++] = (byte) (bits >> 16);
                    out[to++] = (byte) (bits >> 8);
                    out[to++] = (byte) bits;
                    count = 0;
                }
            } else if (value == PADDING) {
                to += endGroup(out, to);
                padded = true;
            }
        }
        return to;
    }

    @Override
    public int finish(byte[] out) {
        return endGroup(out, 0);
    }

    private int endGroup(byte[] out, int to) {
        int octets = Math.max(0, count - 1);
        if (octets > 0) {
            out[to] = (byte) (bits >> (count == 2 ? 4 : 10));
        }
        if (octets > 1) {
            out[to + 1] = (byte) (bits >> 2);
        }
        count = 0;
        return octets;
    }

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        values['='] = PADDING;
        return values;
    }
}
