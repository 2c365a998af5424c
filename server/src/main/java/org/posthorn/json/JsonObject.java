package org.posthorn.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Members in the order written (RFC 8259 4). A member that is {@code null} counts as absent to the questions here. */
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public JsonObject {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<JsonValue> member(String name) {
        return Optional.ofNullable(members.get(name)).filter(value -> !(value instanceof JsonNull));
    }

    /** Throws {@link MalformedJsonException} when the member is not text. */
    public Optional<String> text(String name) {
        return member(name).map(value -> as(JsonText.class, name, value, "text").value());
    }

    /** Throws {@link MalformedJsonException} when the member is not a whole number of 64 bits. */
    public Optional<Long> integer(String name) {
        return member(name)
                .map(value -> as(JsonNumber.class, name, value, "a number").asLong());
    }

    /** Throws {@link MalformedJsonException} when the member is not a truth value; an absent one is false. */
    public boolean isTrue(String name) {
        return member(name)
                .map(value ->
                        as(JsonBoolean.class, name, value, "a truth value").value())
                .orElse(false);
    }

    /** Throws {@link MalformedJsonException} when the member is not an object. */
    public Optional<JsonObject> object(String name) {
        return member(name).map(value -> as(JsonObject.class, name, value, "an object"));
    }

    /** Throws {@link MalformedJsonException} when the member is not an array; an absent one has no elements. */
    public List<JsonValue> array(String name) {
        return member(name)
                .map(value -> as(JsonArray.class, name, value, "an array").elements())
                .orElse(List.of());
    }

    private static <T extends JsonValue> T as(Class<T> type, String name, JsonValue value, String wanted) {
        if (!type.isInstance(value)) {
            throw new MalformedJsonException("\"" + name + "\" is " + value.kind() + ", but must be " + wanted);
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return Json.write(this);
    }

    /** Collects the members of an object. */
    public static final class Builder {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, JsonValue value) {
            members.put(name, value);
            return this;
        }

        public Builder put(String name, String text) {
            return put(name, new JsonText(text));
        }

        public Builder put(String name, long number) {
            return put(name, JsonNumber.of(number));
        }

        public Builder put(String name, boolean value) {
            return put(name, new JsonBoolean(value));
        }

        public Builder put(String name, List<? extends JsonValue> elements) {
            return put(name, new JsonArray(List.copyOf(elements)));
        }

        /** Leaves the member out when there is nothing to say. */
        public Builder putIfPresent(String name, Optional<String> text) {
            text.ifPresent(value -> put(name, value));
            return this;
        }

        public JsonObject build() {
            return new JsonObject(members);
        }
    }
}
