package org.posthorn.mail.mime;

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

    /** Whether quoted-printable may take the place of its encoding, or is its encoding, or base64 is. */
    boolean isKnownEncoding() {
        return input() != QuotedPrintable.Input.RAW || isEightBit() || encoding.isEmpty() || encoding.equals("7bit");
    }

    QuotedPrintable.Input input() {
        return switch (encoding) {
            case "base64" -> QuotedPrintable.Input.BASE64;
            case "quoted-printable" -> QuotedPrintable.Input.QUOTED;
            default -> QuotedPrintable.Input.RAW;
        };
    }

    /** RFC 2045 6.4: types whose content is parts or messages. */
    boolean isComposite() {
        return type.startsWith("multipart/") || type.startsWith("message/");
    }

    /**
     * The header changed.
     *
     * @param other the encoding that it declares then; "" for the one it has. A container's "7bit" replaces what it says only
     * @param fold whether lines over 998 octets are folded at white space
     * @param charset given for a message's own header, which then says that it is MIME (RFC 2045 4), and text of this charset
     *     where it does not say what
     */
    byte[] with(String other, boolean fold, Optional<String> charset) {
        boolean replace = !other.isEmpty() && (isEightBit() || !other.equals("7bit"));
        StringBuilder header = new StringBuilder();
        String rest = "";
        for (String field : fields) {
            if (replace && isNamed(field, "content-transfer-encoding")) {
                continue;
            }
            if (field.equals("\r\n") || field.equals("\n")) {
                rest = field;
            } else {
                header.append(fold ? folded(field) : field);
            }
        }
        if (replace) {
            if (charset.isPresent() && value(fields, "mime-version").isEmpty()) {
                header.append("MIME-Version: 1.0\r\n");
            }
            if (charset.isPresent() && type.isEmpty()) {
                header.append("Content-Type: text/plain; charset=")
                        .append(charset.get())
                        .append("\r\n");
            }
            header.append("Content-Transfer-Encoding: ").append(other).append("\r\n");
        }
        return header.append(rest).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** RFC 5322 2.2.3: a line end may stand before any white space; where there is none, the line stays. */
    static String folded(String field) {
        if (field.length() <= PartSurvey.MAX_LINE) {
            return field;
        }
        StringBuilder result = new StringBuilder(field.length() + 64);
        for (String text : field.split("(?<=\n)", -1)) {
            String left = text;
            while (left.stripTrailing().length() > PartSurvey.MAX_LINE) {
                int at = Math.max(
                        left.lastIndexOf(' ', PartSurvey.MAX_LINE), left.lastIndexOf('\t', PartSurvey.MAX_LINE));
                if (at <= left.indexOf(':') + 1 || left.substring(0, at).isBlank()) {
                    break;
                }
                result.append(left, 0, at).append("\r\n");
                left = left.substring(at);
            }
            result.append(left);
        }
        return result.toString();
    }
}
