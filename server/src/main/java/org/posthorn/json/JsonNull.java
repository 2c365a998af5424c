package org.posthorn.json;

/** {@code null}. */
public record JsonNull() implements JsonValue {
    @Override
    public String toString() {
        return Json.write(this);
    }
}
