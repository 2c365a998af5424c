package org.posthorn.mail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes the items of an encoded structure. */
final class CodecOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    void number(long value) {
        long rest = value;
        while (rest > 0x7f) {
            bytes.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    void present(boolean present) {
        bytes.write(present ? 1 : 0);
    }

    void text(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        number(octets.length);
        bytes.writeBytes(octets);
    }

    void optional(Optional<String> text) {
        present(text.isPresent());
        text.ifPresent(this::text);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
