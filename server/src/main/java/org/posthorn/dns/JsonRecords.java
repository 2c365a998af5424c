package org.posthorn.dns;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonNumber;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Reads records from a JSON object: for each name either its records by type, or {@code "SERVFAIL"} or {@code "TIMEOUT"} when
 * it cannot be looked up.
 *
 * <pre>{@code
 * {"example.org": {"TXT": ["v=spf1 mx -all"], "MX": [[10, "mx.example.org"]]},
 *  "mx.example.org": {"A": ["192.0.2.1"], "AAAA": ["2001:db8::1"]},
 *  "www.example.org": {"CNAME": "mx.example.org"},
 *  "broken.example.org": "SERVFAIL"}
 * }</pre>
 *
 * A single record may stand without brackets. TXT is the text itself, or an array of the strings it is made of; records of
 * other types are written as in zone files.
 */
public final class JsonRecords {
    private JsonRecords() {}

    /** Throws {@link MalformedJsonException} that names what cannot be understood. */
    public static ZoneResolver read(JsonObject names) {
        ZoneResolver zone = new ZoneResolver();
        names.members().forEach((name, value) -> {
            switch (value) {
                case JsonText text -> zone.withFailure(name, failure(name, text.value()));
                case JsonObject records -> {
                    zone.withName(name);
                    records.members().forEach((type, data) -> addAll(zone, name, type, data));
                }
                default -> throw wrong(name, "is " + value.kind() + ", but must be an object of records");
            }
        });
        return zone;
    }

    private static FailureKind failure(String name, String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "SERVFAIL" -> FailureKind.SERVFAIL;
            case "TIMEOUT" -> FailureKind.TIMEOUT;
            default -> throw wrong(name, "must have records, or be \"SERVFAIL\" or \"TIMEOUT\"");
        };
    }

    private static void addAll(ZoneResolver zone, String name, String mnemonic, JsonValue data) {
        int type = Type.value(mnemonic.toUpperCase(Locale.ROOT));
        if (type < 0) {
            throw wrong(name, "has records of an unknown type, " + mnemonic);
        }
        if (data instanceof JsonArray array && !isSingle(type, array)) {
            array.elements().forEach(element -> add(zone, name, type, element));
        } else {
            add(zone, name, type, data);
        }
    }

    /** {@code [10, "mx.example.org"]} where an array of such was to be expected. */
    private static boolean isSingle(int type, JsonArray array) {
        return type == Type.MX
                && !array.elements().isEmpty()
                && array.elements().getFirst() instanceof JsonNumber;
    }

    private static void add(ZoneResolver zone, String name, int type, JsonValue data) {
        switch (data) {
            case JsonText text when type == Type.TXT -> zone.withTxt(name, text.value());
            case JsonArray strings when type == Type.TXT -> zone.withTxt(name, joined(name, strings));
            case JsonArray(List<JsonValue> mx)
            when type == Type.MX
                    && mx.size() == 2
                    && mx.getFirst() instanceof JsonNumber preference
                    && mx.getLast() instanceof JsonText exchange ->
                addWritten(zone, name, type, preference + " " + absolute(exchange.value()));
            case JsonText text when type == Type.PTR -> zone.with(RecordType.PTR, name, ZoneResolver.key(text.value()));
            case JsonText text when type == Type.CNAME -> zone.withAlias(name, text.value());
            case JsonText text -> addWritten(zone, name, type, text.value());
            default -> throw wrong(name, "has a " + Type.string(type) + " record that is not understood: " + data);
        }
    }

    private static String joined(String name, JsonArray strings) {
        return strings.elements().stream()
                .map(string -> {
                    if (string instanceof JsonText(String value)) {
                        return value;
                    }
                    throw wrong(name, "has a TXT record of something other than text");
                })
                .collect(Collectors.joining());
    }

    /** RFC 7505: the null exchange is the root, which many write as nothing at all. */
    private static String absolute(String exchange) {
        return exchange.isEmpty() ? "." : exchange;
    }

    private static void addWritten(ZoneResolver zone, String name, int type, String data) {
        try {
            Name owner = Name.fromString(name, Name.root);
            // By the name as it will be asked for: dnsjava writes odd characters as escapes.
            MasterFile.add(zone, name, Record.fromString(owner, type, DClass.IN, 0, data, Name.root));
        } catch (IOException | IllegalArgumentException e) {
            throw wrong(name, "has a " + Type.string(type) + " record that is not understood: " + data);
        }
    }

    private static MalformedJsonException wrong(String name, String what) {
        return new MalformedJsonException("dns: " + name + " " + what);
    }
}
