package org.posthorn.json;

/** A string (RFC 8259 7). */
public record JsonText(String value) implements JsonValue {
    @Override
    public String toString() {
        return Json.write(this);
    }
}
