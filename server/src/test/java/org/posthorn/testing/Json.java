package org.posthorn.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonBoolean;
import org.posthorn.json.JsonNull;
import org.posthorn.json.JsonNumber;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;

/** What {@link org.posthorn.json.Json} reads, as maps, lists, strings, longs, doubles, booleans and null that a test may change. */
public final class Json {
    private Json() {}

    public static @Nullable Object read(String text) {
        return plain(org.posthorn.json.Json.read(text));
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    public static List<Object> array(Object value) {
        return (List<Object>) value;
    }

    private static @Nullable Object plain(JsonValue value) {
        return switch (value) {
            case JsonObject(var members) -> {
                Map<String, Object> map = new LinkedHashMap<>();
                members.forEach((name, member) -> map.put(name, plain(member)));
                yield map;
            }
            case JsonArray(var elements) -> {
                List<Object> list = new ArrayList<>();
                elements.forEach(element -> list.add(plain(element)));
                yield list;
            }
            case JsonText text -> text.value();
            case JsonNumber(var number) when number.scale() <= 0 -> (Object) number.longValueExact();
            case JsonNumber(var number) -> (Object) number.doubleValue();
            case JsonBoolean(var truth) -> truth;
            case JsonNull _ -> null;
        };
    }
}
