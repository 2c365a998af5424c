package org.posthorn.client.dnsprovider;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.testing.Json;

/** Cloudflare's API v4 as its public documentation describes it: records with ids, and a batch in one transaction. */
public final class FakeCloudflare extends FakeApi {
    private static final String ZONE = "023e105f4ecef8ad9ca31a8372d0c353";
    private static final Set<String> WITH_DATA = Set.of("SRV", "CAA", "TLSA");

    public final Map<String, Map<String, Object>> records = new LinkedHashMap<>();
    private int nextId = 1;

    /** Records on a page of the listing, whatever is asked for. */
    public int pageSize = 100;

    public FakeCloudflare() throws IOException {}

    public void add(String name, String type, String content) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("name", name);
        record.put("type", type);
        record.put("content", content);
        record.put("ttl", 1L);
        insert(record);
    }

    public void insert(Map<String, Object> record) {
        String id = "id" + nextId++;
        Map<String, Object> kept = new LinkedHashMap<>(record);
        kept.put("id", id);
        records.put(id, kept);
    }

    @Override
    protected Answer unauthenticated() {
        return new Answer(
                403,
                Map.of("success", false, "errors", List.of(Map.of("code", 9109, "message", "Invalid access token"))));
    }

    private static Answer failed(int status, int code, String message) {
        return new Answer(
                status,
                Map.of(
                        "success",
                        false,
                        "errors",
                        List.of(Map.of("code", code, "message", message)),
                        "result",
                        List.of()));
    }

    @Override
    protected Answer answer(String method, String path, Object request) {
        if (method.equals("GET") && path.startsWith("/zones?name=")) {
            List<Object> zones =
                    path.endsWith("=example.org") ? List.of(Map.of("id", ZONE, "name", "example.org")) : List.of();
            return new Answer(200, Map.of("success", true, "errors", List.of(), "result", zones));
        }
        if (method.equals("GET") && path.startsWith("/zones/" + ZONE + "/dns_records?")) {
            int page = Integer.parseInt(path.replaceFirst(".*[?&]page=([0-9]+).*", "$1"));
            int pages = Math.max(1, (records.size() + pageSize - 1) / pageSize);
            List<Object> shown = records.values().stream()
                    .skip((long) (page - 1) * pageSize)
                    .limit(pageSize)
                    .map(Object.class::cast)
                    .toList();
            return new Answer(
                    200,
                    Map.of(
                            "success",
                            true,
                            "result",
                            shown,
                            "result_info",
                            Map.of("page", page, "total_pages", pages)));
        }
        if (method.equals("POST") && path.equals("/zones/" + ZONE + "/dns_records/batch")) {
            return batch(Json.object(request));
        }
        return failed(404, 7003, "Could not route to " + path);
    }

    private Answer batch(Map<String, Object> body) {
        List<Object> deletes = Json.array(body.get("deletes"));
        List<Object> posts = Json.array(body.get("posts"));
        if (!deletes.stream()
                .allMatch(entry -> records.containsKey(Json.object(entry).get("id")))) {
            return failed(404, 81044, "Record does not exist.");
        }
        for (Object entry : posts) {
            Map<String, Object> post = Json.object(entry);
            boolean structured = WITH_DATA.contains(post.get("type"));
            if (structured != post.containsKey("data") || structured == post.containsKey("content")) {
                return failed(400, 9005, "Content for " + post.get("type") + " record is invalid.");
            }
        }
        deletes.forEach(entry -> records.remove(Json.object(entry).get("id")));
        posts.forEach(entry -> insert(Json.object(entry)));
        return new Answer(200, Map.of("success", true, "errors", List.of(), "result", Map.of()));
    }

    public List<Map<String, Object>> at(String name, String type) {
        return records.values().stream()
                .filter(record -> name.equals(record.get("name")) && type.equals(record.get("type")))
                .toList();
    }
}
