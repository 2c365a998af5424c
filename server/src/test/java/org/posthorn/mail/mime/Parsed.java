package org.posthorn.mail.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.posthorn.mail.MessageContent;

/** A message and its structure. */
final class Parsed {
    private final byte[] bytes;
    private final MimePart root;

    Parsed(byte[] bytes) {
        this.bytes = bytes;
        try {
            this.root = MimeStructure.parse(MessageContent.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of text with LF line ends, which become CRLF. */
    static Parsed of(String text) {
        return new Parsed(crlf(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Puts line ends into CRLF form, whichever they were. */
    static byte[] crlf(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + bytes.length / 20);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) {
                out.write('\r');
            }
            out.write(bytes[i]);
        }
        return out.toByteArray();
    }

    MimePart root() {
        return root;
    }

    byte[] bytes() {
        return bytes;
    }

    MimePart find(String number) {
        List<Integer> numbers =
                Arrays.stream(number.split("[.]", -1)).map(Integer::valueOf).toList();
        return root.find(numbers).orElseThrow();
    }

    String header(MimePart part) {
        return text(part.header());
    }

    String body(MimePart part) {
        return text(part.body());
    }

    String text(ByteRange range) {
        return new String(bytes, (int) range.start(), (int) range.length(), StandardCharsets.UTF_8);
    }
}
