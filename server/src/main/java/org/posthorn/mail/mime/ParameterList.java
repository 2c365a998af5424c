package org.posthorn.mail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.posthorn.mail.CharsetNames;
import org.posthorn.mail.EncodedWords;
import org.posthorn.mail.HeaderLexer;
import org.posthorn.mail.HeaderText;

/** The parameters of a field, in order (RFC 2045 5.1, RFC 2231). Of a name that is there twice, the first counts. */
public record ParameterList(List<Parameter> entries) {
    public static final ParameterList NONE = new ParameterList(List.of());

    /** How many parameters, or pieces of them, are read. */
    static final int MAX_PARAMETERS = 200;

    private static final String SPECIALS = ";=,";

    public ParameterList {
        entries = List.copyOf(entries);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** See {@link MimePart#weight}. */
    long weight() {
        return entries.stream()
                .mapToLong(entry ->
                        128 + 2L * (entry.name().length() + entry.value().length()))
                .sum();
    }

    /** A value decoded: character sets of RFC 2231, and encoded words, which do not belong there but are common. */
    public Optional<String> value(String name) {
        for (Parameter parameter : entries) {
            if (parameter.name().equals(name)) {
                return Optional.of(EncodedWords.decode(text(parameter.value())));
            }
            if (parameter.name().length() == name.length() + 1
                    && parameter.name().startsWith(name)
                    && parameter.name().endsWith("*")) {
                return Optional.of(decodeExtended(text(parameter.value())));
            }
        }
        return Optional.empty();
    }

    /** A structure keeps octets; who reads a field by itself has text already. */
    private static String text(String value) {
        return value.chars().allMatch(c -> c < 0x100) ? HeaderText.ofOctets(value) : value;
    }

    /** Reads what follows a field's value: {@code ; name=value} repeated. */
    static ParameterList parse(HeaderLexer in) {
        Map<String, String> whole = new LinkedHashMap<>();
        Map<String, TreeMap<Integer, Piece>> pieces = new LinkedHashMap<>();
        for (int read = 0; read < MAX_PARAMETERS && !in.atEnd(); read++) {
            in.skipComments();
            while (in.take(';') || in.take(',')) {
                in.skipComments();
            }
            String name = HeaderText.lower(in.runUntil(SPECIALS));
            in.skipComments();
            if (name.isEmpty() || !in.take('=')) {
                in.skipTo(";");
                continue;
            }
            in.skipComments();
            String value =
                    in.peek() == '"' ? in.quotedString() : in.runUntil(";").strip();
            int star = name.indexOf('*');
            Optional<Piece> piece = star < 0 ? Optional.empty() : Piece.of(name.substring(star + 1), value);
            if (piece.isPresent()) {
                String base = name.substring(0, star);
                pieces.computeIfAbsent(base, n -> new TreeMap<>())
                        .putIfAbsent(piece.get().number(), piece.get());
                // keeps the parameter's place among the others
                whole.putIfAbsent(base + "*0", "");
            } else {
                whole.putIfAbsent(name, value);
            }
        }
        return join(whole, pieces);
    }

    private static ParameterList join(Map<String, String> whole, Map<String, TreeMap<Integer, Piece>> pieces) {
        if (whole.isEmpty()) {
            return NONE;
        }
        List<Parameter> entries = new ArrayList<>();
        whole.forEach((name, value) -> {
            if (name.endsWith("*0")) {
                String base = name.substring(0, name.length() - 2);
                entries.add(Piece.join(base, pieces.getOrDefault(base, new TreeMap<>())));
            } else {
                entries.add(new Parameter(name, value));
            }
        });
        return new ParameterList(entries);
    }

    /** RFC 2231 4: {@code charset'language'percent-encoded}. */
    private static String decodeExtended(String value) {
        int first = value.indexOf('\'');
        int second = first < 0 ? -1 : value.indexOf('\'', first + 1);
        if (second < 0) {
            return new String(percentDecoded(value), StandardCharsets.UTF_8);
        }
        Charset charset = CharsetNames.find(value.substring(0, first)).orElse(StandardCharsets.UTF_8);
        return new String(percentDecoded(value.substring(second + 1)), charset);
    }

    private static byte[] percentDecoded(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toByteArray();
    }

    /** A piece of a value that is continued (RFC 2231 3). */
    private record Piece(int number, boolean encoded, String value) {
        /** A piece by what follows the first asterisk of its name; empty for the lone asterisk of a whole encoded value. */
        static Optional<Piece> of(String suffix, String value) {
            boolean encoded = suffix.endsWith("*");
            String digits = encoded ? suffix.substring(0, suffix.length() - 1) : suffix;
            return digits.matches("[0-9]{1,4}")
                    ? Optional.of(new Piece(Integer.parseInt(digits), encoded, value))
                    : Optional.empty();
        }

        /** The pieces up to the first that is missing; plain ones are encoded when others are. */
        static Parameter join(String name, TreeMap<Integer, Piece> pieces) {
            boolean encoded = pieces.values().stream().anyMatch(Piece::encoded);
            StringBuilder value = new StringBuilder();
            if (encoded && pieces.containsKey(0) && !pieces.get(0).encoded()) {
                value.append("utf-8''");
            }
            for (int i = 0; pieces.containsKey(i); i++) {
                Piece piece = pieces.get(i);
                value.append(encoded && !piece.encoded() ? piece.value().replace("%", "%25") : piece.value());
            }
            return new Parameter(encoded ? name + "*" : name, value.toString());
        }
    }
}
