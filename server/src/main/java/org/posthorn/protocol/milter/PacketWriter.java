package org.posthorn.protocol.milter;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts a packet together. Used for one packet. */
final class PacketWriter {
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    PacketWriter(char command) {
        number(0);
        data.write(command);
    }

    PacketWriter number(int number) {
        data.write(number >>> 24);
        data.write(number >>> 16);
        data.write(number >>> 8);
        data.write(number);
        return this;
    }

    /** Text with its NUL; a NUL within it would end it early. */
    PacketWriter text(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in the text of a milter reply");
        }
        data.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        data.write(0);
        return this;
    }

    byte[] packet() {
        byte[] packet = data.toByteArray();
        ByteBuffer.wrap(packet).putInt(packet.length - 4);
        return packet;
    }
}
