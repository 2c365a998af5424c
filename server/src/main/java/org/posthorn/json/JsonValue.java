package org.posthorn.json;

/** A JSON value (RFC 8259 3). Its {@code toString} is its JSON text, in one line. */
public sealed interface JsonValue permits JsonObject, JsonArray, JsonText, JsonNumber, JsonBoolean, JsonNull {
    /** What kind of value it is, for complaints: "an object", "text" and so on. */
    default String kind() {
        return switch (this) {
            case JsonObject _ -> "an object";
            case JsonArray _ -> "an array";
            case JsonText _ -> "text";
            case JsonNumber _ -> "a number";
            case JsonBoolean _ -> "a truth value";
            case JsonNull _ -> "null";
        };
    }
}
