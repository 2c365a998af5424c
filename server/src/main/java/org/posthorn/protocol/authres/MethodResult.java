package org.posthorn.protocol.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one method of authentication gave (RFC 8601 2.2 resinfo).
 *
 * @param method its keyword, lower case, without version
 * @param result pass, fail, none ...; lower case
 * @param reason why, in words
 * @param comment the last comment right behind the result, without its parentheses
 * @param properties at most {@value #MAX_PROPERTIES}
 */
public record MethodResult(
        String method, String result, Optional<String> reason, Optional<String> comment, List<Property> properties) {
    /** Properties that are read of one result. */
    public static final int MAX_PROPERTIES = 50;

    public MethodResult {
        method = method.toLowerCase(Locale.ROOT);
        result = result.toLowerCase(Locale.ROOT);
        properties = List.copyOf(properties);
    }

    /**
     * A result with nothing but itself.
     *
     * @throws IllegalArgumentException where method or result are no keywords (RFC 5321 4.1.2)
     */
    public static MethodResult of(String method, String result) {
        if (!AuthResParser.isKeyword(method) || !AuthResParser.isKeyword(result)) {
            throw new IllegalArgumentException("not keywords: " + method + "=" + result);
        }
        return new MethodResult(method, result, Optional.empty(), Optional.empty(), List.of());
    }

    /** The same with another property at the end. */
    public MethodResult with(String type, String name, String value) {
        List<Property> more = new ArrayList<>(properties);
        more.add(new Property(type, name, value));
        return new MethodResult(method, result, reason, comment, more);
    }

    /** The same with a reason, which programs may read. */
    public MethodResult because(String why) {
        return new MethodResult(method, result, Optional.of(why), comment, properties);
    }

    /** The same with a comment for people. */
    public MethodResult remark(String text) {
        return new MethodResult(method, result, reason, Optional.of(text), properties);
    }

    /** The value of a property, such as {@code header.d}. */
    public Optional<String> property(String typeAndName) {
        return properties.stream()
                .filter(property -> property.is(typeAndName))
                .map(Property::value)
                .findFirst();
    }
}
