package org.posthorn.queue.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects the octets of one record. */
final class RecordWriter {
    private static final int MAX_TEXT = 0xFFFF;

    private ByteBuffer buffer;

    RecordWriter(int expected) {
        buffer = ByteBuffer.allocate(expected);
    }

    RecordWriter octet(int value) {
        room(1).put((byte) value);
        return this;
    }

    RecordWriter integer(int value) {
        room(4).putInt(value);
        return this;
    }

    RecordWriter number(long value) {
        room(8).putLong(value);
        return this;
    }

    RecordWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT) {
            throw new IllegalArgumentException("a text of " + bytes.length + " octets");
        }
        room(2 + bytes.length).putShort((short) bytes.length).put(bytes);
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int octets) {
        if (buffer.remaining() < octets) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + octets));
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }
}
