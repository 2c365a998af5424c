package org.posthorn.admin.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.mail.Address;

/** What requests and answers are made of. Times are those of RFC 3339; what there is nothing to say about is left out. */
final class AdminJson {
    private AdminJson() {}

    static List<String> texts(JsonObject json, String name) {
        return json.array(name).stream().map(AdminJson::text).toList();
    }

    static String text(JsonObject json, String name) {
        return json.text(name).orElseThrow(() -> missing(name));
    }

    static List<JsonObject> objects(JsonObject json, String name) {
        return json.array(name).stream().map(AdminJson::object).toList();
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonText(String text)) {
            return text;
        }
        throw new MalformedJsonException("text is wanted, not " + value.kind());
    }

    static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new MalformedJsonException("an object is wanted, not " + value.kind());
    }

    static int count(JsonObject json, String name) {
        return Math.toIntExact(json.integer(name).orElse(0L));
    }

    static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedJsonException("not a time: " + text, e);
        }
    }

    static List<Address> addresses(JsonObject json, String name) {
        return texts(json, name).stream().map(Address::parse).toList();
    }

    static List<String> texts(List<Address> addresses) {
        return addresses.stream().map(Address::toString).toList();
    }

    static MalformedJsonException missing(String name) {
        return new MalformedJsonException("\"" + name + "\" is missing");
    }
}
