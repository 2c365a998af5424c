package org.posthorn.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Reads and writes JSON text (RFC 8259). Thread-safe. */
public final class Json {
    /** Levels of objects and arrays in each other; no format of ours needs a tenth of it. */
    static final int MAX_DEPTH = 100;

    static final int MAX_NAME = 10_000;
    /** Names, values and brackets; each takes some hundred octets once it is read. */
    static final int MAX_TOKENS = 500_000;

    static final int MAX_NUMBER = 400;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** For long texts that are read piece by piece: no bound of the whole, but of each piece. */
    private static final JsonFactory LONG = JsonFactory.builder()
            .streamReadConstraints(FACTORY.streamReadConstraints()
                    .rebuild()
                    .maxTokenCount(Long.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /**
     * Reads a text that is one value and white space around it.
     *
     * @throws MalformedJsonException for anything else, with the line and column
     */
    public static JsonValue read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new MalformedJsonException("not JSON: nothing there");
            }
            JsonValue value = value(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException(
                        "not JSON: something follows the value" + place(parser.currentTokenLocation()));
            }
            return value;
        } catch (JacksonException e) {
            throw new MalformedJsonException("not JSON: " + e.getOriginalMessage() + place(e.getLocation()), e);
        }
    }

    /** Reads a text that is one object, as {@link #read} does. */
    public static JsonObject readObject(String text) {
        if (read(text) instanceof JsonObject object) {
            return object;
        }
        throw new MalformedJsonException("not a JSON object");
    }

    /**
     * Reads an object one of whose members is a long array: its elements go to {@code each} as they come, and are not kept.
     *
     * @return the object without that array
     * @throws IOException the text cannot be read
     */
    public static JsonObject readObject(InputStream text, String name, Consumer<JsonValue> each) throws IOException {
        try (JsonParser parser = LONG.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJsonException("not a JSON object");
            }
            JsonObject.Builder rest = JsonObject.builder();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String member = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY && name.equals(member)) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        each.accept(value(parser));
                    }
                } else {
                    rest.put(member, value(parser));
                }
            }
            return rest.build();
        } catch (JacksonIOException e) {
            throw new IOException(e.getOriginalMessage(), e);
        } catch (JacksonException e) {
            throw new MalformedJsonException("not JSON: " + e.getOriginalMessage() + place(e.getLocation()), e);
        }
    }

    private static JsonValue value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new JsonText(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> new JsonBoolean(true);
            case VALUE_FALSE -> new JsonBoolean(false);
            case VALUE_NULL -> new JsonNull();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new MalformedJsonException("not JSON: no value" + place(parser.currentTokenLocation()));
        };
    }

    private static JsonNumber number(JsonParser parser) {
        try {
            return new JsonNumber(parser.getDecimalValue());
        } catch (NumberFormatException | ArithmeticException e) {
            // An exponent that BigDecimal cannot hold, which the parser lets through (RFC 8259 6 allows a bound).
            throw new MalformedJsonException(
                    "not JSON we read: the number is too large" + place(parser.currentLocation()), e);
        }
    }

    private static JsonObject object(JsonParser parser) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            JsonValue value = value(parser);
            // RFC 7493 2.3: names are unique, for parsers differ about which one counts.
            if (members.putIfAbsent(name, value) != null) {
                throw new MalformedJsonException("two members \"" + name + "\"" + place(parser.currentTokenLocation()));
            }
        }
        return new JsonObject(members);
    }

    private static JsonArray array(JsonParser parser) {
        List<JsonValue> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return new JsonArray(elements);
    }

    private static String place(@Nullable TokenStreamLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The value in one line, without spaces; members in their order. */
    public static String write(JsonValue value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(generator, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, JsonValue value) {
        switch (value) {
            case JsonObject object -> {
                generator.writeStartObject();
                object.members().forEach((name, member) -> {
                    generator.writeName(name);
                    write(generator, member);
                });
                generator.writeEndObject();
            }
            case JsonArray array -> {
                generator.writeStartArray();
                array.elements().forEach(element -> write(generator, element));
                generator.writeEndArray();
            }
            case JsonText text -> generator.writeString(text.value());
            case JsonNumber number -> generator.writeNumber(number.value());
            case JsonBoolean truth -> generator.writeBoolean(truth.value());
            case JsonNull _ -> generator.writeNull();
        }
    }
}
