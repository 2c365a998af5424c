package org.posthorn.client.dnsprovider;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonBoolean;
import org.posthorn.json.JsonNull;
import org.posthorn.json.JsonNumber;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;

/** A value in the JSON of a foreign server. What is of another kind than asked for is as if it were not there. */
record JsonAnswer(JsonValue value) {
    static final JsonAnswer NOTHING = new JsonAnswer(new JsonNull());

    /** Reads a document; throws {@link MalformedJsonException} for what is none. */
    static JsonAnswer parse(byte[] document) {
        return new JsonAnswer(Json.read(new String(document, StandardCharsets.UTF_8)));
    }

    /** The member of this name. */
    JsonAnswer get(String name) {
        return value instanceof JsonObject object
                ? object.member(name).map(JsonAnswer::new).orElse(NOTHING)
                : NOTHING;
    }

    List<JsonAnswer> elements() {
        return value instanceof JsonArray(List<JsonValue> elements)
                ? elements.stream().map(JsonAnswer::new).toList()
                : List.of();
    }

    Optional<String> text() {
        return value instanceof JsonText(String text) ? Optional.of(text) : Optional.empty();
    }

    boolean isTrue() {
        return value instanceof JsonBoolean(boolean truth) && truth;
    }

    /** A whole number of 64 bits. */
    OptionalLong number() {
        try {
            return value instanceof JsonNumber number ? OptionalLong.of(number.asLong()) : OptionalLong.empty();
        } catch (MalformedJsonException e) {
            return OptionalLong.empty();
        }
    }
}
