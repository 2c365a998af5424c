package org.posthorn.mail.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the items of an encoded structure; throws {@link MimeFormatException} where they do not fit. */
final class CodecInput {
    private final byte[] bytes;
    private int at;

    CodecInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** 0 to 2^56-1. */
    long number() {
        long value = 0;
        for (int shift = 0; shift < 56; shift += 7) {
            byte next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MimeFormatException("number too large");
    }

    boolean present() {
        return octet() != 0;
    }

    String text() {
        int length = length();
        String text = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
        at += length;
        return text;
    }

    Optional<String> optional() {
        return present() ? Optional.of(text()) : Optional.empty();
    }

    <T> List<T> list(Function<CodecInput, T> item) {
        // each item takes an octet at least, so that damage cannot ask for more memory than there are bytes
        int count = length();
        List<T> items = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            items.add(item.apply(this));
        }
        return items;
    }

    void expectEnd() {
        if (at != bytes.length) {
            throw new MimeFormatException("bytes after the structure");
        }
    }

    private int length() {
        long length = number();
        if (length > bytes.length - at) {
            throw new MimeFormatException("structure cut short");
        }
        return (int) length;
    }

    private byte octet() {
        if (at >= bytes.length) {
            throw new MimeFormatException("structure cut short");
        }
        return bytes[at++];
    }
}
