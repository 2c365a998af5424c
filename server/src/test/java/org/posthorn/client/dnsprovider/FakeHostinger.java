package org.posthorn.client.dnsprovider;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.testing.Json;

/** Hostinger's API as its public documentation describes it: groups of records by name and type, and machines with addresses. */
public final class FakeHostinger extends FakeApi {
    private static final Set<String> TYPES =
            Set.of("A", "AAAA", "CNAME", "ALIAS", "MX", "TXT", "NS", "SOA", "SRV", "CAA");
    private static final String ZONE = "/api/dns/v1/zones/example.org";
    private static final String MACHINES = "/api/vps/v1/virtual-machines";

    /** The groups, by "name type". */
    public final Map<String, Map<String, Object>> groups = new LinkedHashMap<>();

    public final Map<Long, Map<String, Object>> addresses = new LinkedHashMap<>();

    public FakeHostinger() throws IOException {
        addresses.put(7L, new LinkedHashMap<>(Map.of("id", 7L, "address", "192.0.2.25", "ptr", "srv1.hstgr.example")));
        addresses.put(8L, new LinkedHashMap<>(Map.of("id", 8L, "address", "2001:db8::25")));
    }

    public void group(String name, String type, int ttl, String... contents) {
        List<Object> records = new ArrayList<>();
        for (String content : contents) {
            records.add(new LinkedHashMap<>(Map.of("content", content, "is_disabled", false)));
        }
        groups.put(
                name + " " + type,
                new LinkedHashMap<>(Map.of("name", name, "records", records, "ttl", ttl, "type", type)));
    }

    public void disabled(String name, String type, String content) {
        group(name, type, 300, content);
        Json.object(Json.array(groups.get(name + " " + type).get("records")).getFirst())
                .put("is_disabled", true);
    }

    public List<String> contents(String name, String type) {
        Map<String, Object> group = groups.get(name + " " + type);
        return group == null
                ? List.of()
                : Json.array(group.get("records")).stream()
                        .map(record -> String.valueOf(Json.object(record).get("content")))
                        .toList();
    }

    @Override
    protected Answer unauthenticated() {
        return new Answer(401, Map.of("message", "Unauthenticated", "correlation_id", "x"));
    }

    @Override
    protected Answer answer(String method, String path, Object request) {
        Map<String, Object> body = Json.object(request);
        return switch (method + " " + path) {
            case "GET " + ZONE -> new Answer(200, List.copyOf(groups.values()));
            case "POST " + ZONE + "/validate" -> validate(body);
            case "PUT " + ZONE -> update(body);
            case "DELETE " + ZONE -> delete(body);
            case "GET " + MACHINES ->
                new Answer(
                        200,
                        List.of(Map.of(
                                "id",
                                1268054L,
                                "hostname",
                                "srv1",
                                "ipv4",
                                List.of(addresses.get(7L)),
                                "ipv6",
                                List.of(addresses.get(8L)))));
            case "POST " + MACHINES + "/1268054/ptr/7" -> pointer(7, body);
            case "POST " + MACHINES + "/1268054/ptr/8" -> pointer(8, body);
            default -> new Answer(404, Map.of("message", "Not found"));
        };
    }

    private Answer pointer(long id, Map<String, Object> body) {
        addresses.get(id).put("ptr", body.get("domain"));
        return new Answer(200, Map.of("id", 1, "name", "ptr_create", "state", "success"));
    }

    private static Answer validate(Map<String, Object> body) {
        for (Object entry : Json.array(body.get("zone"))) {
            if (!TYPES.contains(Json.object(entry).get("type"))) {
                return new Answer(
                        422,
                        Map.of(
                                "message",
                                "The zone.0.type field is invalid.",
                                "errors",
                                Map.of("zone.0.type", List.of("invalid"))));
            }
        }
        return new Answer(200, Map.of("message", "Request accepted"));
    }

    private Answer update(Map<String, Object> body) {
        Answer valid = validate(body);
        if (valid.status() != 200) {
            return valid;
        }
        for (Object entry : Json.array(body.get("zone"))) {
            Map<String, Object> group = Json.object(entry);
            String key = group.get("name") + " " + group.get("type");
            if (!Boolean.TRUE.equals(body.getOrDefault("overwrite", true)) && groups.containsKey(key)) {
                Json.array(groups.get(key).get("records")).addAll(Json.array(group.get("records")));
            } else {
                groups.put(key, group);
            }
        }
        return new Answer(200, Map.of("message", "Request accepted"));
    }

    private Answer delete(Map<String, Object> body) {
        for (Object entry : Json.array(body.get("filters"))) {
            Map<String, Object> filter = Json.object(entry);
            groups.remove(filter.get("name") + " " + filter.get("type"));
        }
        return new Answer(200, Map.of("message", "Request accepted"));
    }
}
