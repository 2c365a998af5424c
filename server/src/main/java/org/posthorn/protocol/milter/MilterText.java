package org.posthorn.protocol.milter;

import java.nio.charset.StandardCharsets;

/** Reads the data of one packet: numbers, and text that ends with NUL. */
final class MilterText {
    private final byte[] data;
    private int position;

    MilterText(byte[] data) {
        this.data = data;
    }

    static int number(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 24
                | (bytes[offset + 1] & 0xff) << 16
                | (bytes[offset + 2] & 0xff) << 8
                | (bytes[offset + 3] & 0xff);
    }

    boolean hasMore() {
        return position < data.length;
    }

    int number() {
        require(4);
        position += 4;
        return number(data, position - 4);
    }

    int port() {
        require(2);
        position += 2;
        return (data[position - 2] & 0xff) << 8 | (data[position - 1] & 0xff);
    }

    char letter() {
        require(1);
        return (char) (data[position++] & 0xff);
    }

    /** Text without its NUL. */
    String text() {
        int end = position;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        if (end == data.length) {
            throw new MilterSyntaxException("text without its end");
        }
        String text = new String(data, position, end - position, StandardCharsets.ISO_8859_1);
        position = end + 1;
        return text;
    }

    void finish() {
        if (hasMore()) {
            throw new MilterSyntaxException((data.length - position) + " octets too many");
        }
    }

    private void require(int octets) {
        if (data.length - position < octets) {
            throw new MilterSyntaxException("packet too short");
        }
    }
}
