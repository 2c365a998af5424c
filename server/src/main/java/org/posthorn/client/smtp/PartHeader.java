package org.posthorn.client.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a message or a part of it, with its empty line, as far as encodings are concerned (RFC 2045). Fields that
 * nobody can read count as absent.
 */
record PartHeader(List<String> fields, String type, Optional<String> boundary, String encoding) {
    private static final Pattern BOUNDARY = Pattern.compile(
            ";\\s*boundary\\s*=\\s*(?:\"([^\"]{1,200})\"|([^\\s;\"]{1,200}))", Pattern.CASE_INSENSITIVE);

    PartHeader {
        fields = List.copyOf(fields);
    }

    static PartHeader parse(byte[] bytes) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("(?<=\n)", -1)) {
            if (!line.startsWith(" ") && !line.startsWith("\t") && field.length() > 0) {
                fields.add(field.toString());
                field.setLength(0);
            }
            field.append(line);
        }
        fields.add(field.toString());
        String type = value(fields, "content-type");
        String media = type.split("[;\\s]", -1)[0].toLowerCase(Locale.ROOT);
        Matcher matcher = BOUNDARY.matcher(type);
        Optional<String> boundary = media.startsWith("multipart/") && matcher.find()
                ? Optional.of(
                        matcher.group(1) == null
                                ? matcher.group(2)
                                : matcher.group(1).stripTrailing())
                : Optional.empty();
        String encoding = value(fields, "content-transfer-encoding").toLowerCase(Locale.ROOT);
        return new PartHeader(fields, media, boundary, encoding);
    }

    /** The value of a field, unfolded; "" where there is none. */
    private static String value(List<String> fields, String name) {
        for (String field : fields) {
            if (isNamed(field, name)) {
                return field.substring(field.indexOf(':') + 1)
                        .replace("\r", "")
                        .replace("\n", "")
                        .strip();
            }
        }
        return "";
    }

    private static boolean isNamed(String field, String name) {
        int colon = field.indexOf(':');
        return colon > 0 && field.substring(0, colon).strip().equalsIgnoreCase(name);
    }

    boolean isMessage() {
        return type.equals("message/rfc822") || type.equals("message/global");
    }

    boolean isEightBit() {
        return encoding.equals("8bit") || encoding.equals("binary");
    }

    byte[] bytes() {
        return String.join("", fields).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The header with another encoding, where it declares eight bits. */
    byte[] withEncoding(String other) {
        if (!isEightBit()) {
            return bytes();
        }
        StringBuilder header = new StringBuilder();
        for (String field : fields) {
            header.append(
                    isNamed(field, "content-transfer-encoding")
                            ? "Content-Transfer-Encoding: " + other + "\r\n"
                            : field);
        }
        return header.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
