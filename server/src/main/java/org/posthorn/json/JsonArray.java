package org.posthorn.json;

import java.util.List;

/** Values in order (RFC 8259 5). */
public record JsonArray(List<JsonValue> elements) implements JsonValue {
    public JsonArray {
        elements = List.copyOf(elements);
    }

    public static JsonArray ofTexts(List<String> texts) {
        return new JsonArray(texts.stream().<JsonValue>map(JsonText::new).toList());
    }

    @Override
    public String toString() {
        return Json.write(this);
    }
}
