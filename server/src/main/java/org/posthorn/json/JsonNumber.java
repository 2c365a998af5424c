package org.posthorn.json;

import java.math.BigDecimal;

/** A number (RFC 8259 6), exactly as it was written. */
public record JsonNumber(BigDecimal value) implements JsonValue {
    public static JsonNumber of(long value) {
        return new JsonNumber(BigDecimal.valueOf(value));
    }

    /** Throws {@link MalformedJsonException} for a fraction and for what 64 bits cannot hold. */
    public long asLong() {
        try {
            return value.longValueExact();
        } catch (ArithmeticException e) {
            throw new MalformedJsonException("not a whole number of 64 bits: " + value, e);
        }
    }

    @Override
    public String toString() {
        return Json.write(this);
    }
}
