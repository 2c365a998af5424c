package org.posthorn.client.dnsprovider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** Cloudflare's API, version 4: every record has an id, and one batch deletes and adds in one transaction. */
final class CloudflareProvider implements DnsProvider {
    private static final int PAGE = 1000;
    private static final int MAX_PAGES = 50;
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    /** A record and Cloudflare's id of it. */
    record Identified(String id, ZoneRecord record) {}

    private final ApiClient api;

    CloudflareProvider(ApiClient api) {
        this.api = api;
    }

    @Override
    public String name() {
        return api.name();
    }

    @Override
    public String zoneOf(Domain domain) throws DnsProviderException {
        String zone = domain.name();
        while (zone.indexOf('.') > 0) {
            if (idOf(zone).isPresent()) {
                return zone;
            }
            zone = zone.substring(zone.indexOf('.') + 1);
        }
        throw new DnsProviderException(Kind.REJECTED, name() + " keeps no zone that holds " + domain);
    }

    private Optional<String> idOf(String zone) throws DnsProviderException {
        ApiClient.Reply reply = api.get("/zones?name=" + zone);
        if (!succeeded(reply)) {
            throw api.rejected("look for the zone " + zone, reply);
        }
        return reply.json().get("result").elements().stream()
                .filter(entry -> entry.get("name").text().filter(zone::equals).isPresent())
                .flatMap(entry -> id(entry).stream())
                .findFirst();
    }

    private static boolean succeeded(ApiClient.Reply reply) {
        return reply.ok() && reply.json().get("success").isTrue();
    }

    private static Optional<String> id(JsonAnswer entry) {
        return entry.get("id").text().filter(text -> ID.matcher(text).matches());
    }

    private String requireId(String zone) throws DnsProviderException {
        return idOf(zone).orElseThrow(() -> new DnsProviderException(Kind.REJECTED, name() + " keeps no zone " + zone));
    }

    @Override
    public List<ZoneRecord> read(String zone, Set<RecordSetName> sets) throws DnsProviderException {
        return list(requireId(zone)).stream()
                .map(Identified::record)
                .filter(record -> sets.contains(record.set()))
                .toList();
    }

    private List<Identified> list(String zoneId) throws DnsProviderException {
        List<Identified> records = new ArrayList<>();
        for (int page = 1; page <= MAX_PAGES; page++) {
            ApiClient.Reply reply = api.get("/zones/" + zoneId + "/dns_records?per_page=" + PAGE + "&page=" + page);
            if (!succeeded(reply)) {
                throw api.rejected("list the records", reply);
            }
            records.addAll(records(reply.json()));
            if (reply.json().get("result_info").get("total_pages").number().orElse(1) <= page) {
                return records;
            }
        }
        throw new DnsProviderException(Kind.REJECTED, "the zone has more than " + PAGE * MAX_PAGES + " records");
    }

    /** The records of a page; what we would not publish is left out. */
    static List<Identified> records(JsonAnswer page) {
        List<Identified> records = new ArrayList<>();
        for (JsonAnswer entry : page.get("result").elements()) {
            Optional<String> id = id(entry);
            Optional<PublishedType> type = entry.get("type").text().flatMap(RecordReader::type);
            if (id.isPresent() && type.isPresent()) {
                try {
                    String name = entry.get("name").text().orElse("").toLowerCase(Locale.ROOT);
                    Duration ttl = Duration.ofSeconds(
                            Math.clamp(entry.get("ttl").number().orElse(0), 0, Integer.MAX_VALUE));
                    records.add(new Identified(id.get(), new ZoneRecord(name, ttl, data(type.get(), entry))));
                } catch (IllegalArgumentException e) {
                    // A name or a value that we would not publish: none of ours.
                }
            }
        }
        return records;
    }

    private static RecordData data(PublishedType type, JsonAnswer entry) {
        String content = entry.get("content").text().orElse("");
        JsonAnswer data = entry.get("data");
        return switch (type) {
            case TXT -> content.startsWith("\"") ? RecordReader.parse(type, content) : new RecordData.Txt(content);
            case MX -> RecordReader.parse(type, number(entry, "priority") + " " + content);
            case SRV ->
                RecordReader.parse(
                        type,
                        number(data, "priority") + " " + number(data, "weight") + " " + number(data, "port") + " "
                                + data.get("target").text().orElse(""));
            case CAA ->
                new RecordData.Caa(
                        Math.toIntExact(number(data, "flags")),
                        data.get("tag").text().orElse(""),
                        data.get("value").text().orElse(""));
            case A, AAAA, CNAME, TLSA, PTR -> RecordReader.parse(type, content);
        };
    }

    private static long number(JsonAnswer data, String name) {
        long number = data.get(name).number().orElse(-1);
        if (number < 0 || number > RecordData.MAX_16_BITS) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return number;
    }

    @Override
    public void apply(String zone, List<SetChange> changes) throws DnsProviderException {
        String zoneId = requireId(zone);
        List<Identified> present = list(zoneId);
        List<String> deletes = new ArrayList<>();
        List<ZoneRecord> posts = new ArrayList<>();
        for (SetChange change : changes) {
            List<Identified> own = present.stream()
                    .filter(entry -> entry.record().set().equals(change.set()))
                    .toList();
            if (!change.isMadeFor(own.stream().map(Identified::record).toList())) {
                throw new DnsProviderException(
                        Kind.CHANGED,
                        change.set() + " was changed by somebody else meanwhile; nothing was done, look again");
            }
            own.stream()
                    .filter(entry -> change.removed().stream().anyMatch(entry.record()::saysTheSameAs))
                    .map(Identified::id)
                    .forEach(deletes::add);
            posts.addAll(change.added());
        }
        // Deletes come first whatever their place here; a second try could add what the first has added.
        ApiClient.Reply reply =
                api.send("POST", "/zones/" + zoneId + "/dns_records/batch", batch(deletes, posts), false);
        if (!succeeded(reply)) {
            throw api.rejected("change records of " + zone, reply);
        }
    }

    private static JsonObject batch(List<String> deletes, List<ZoneRecord> posts) {
        return JsonObject.builder()
                .put(
                        "deletes",
                        deletes.stream()
                                .map(id -> JsonObject.builder().put("id", id).build())
                                .toList())
                .put("posts", posts.stream().map(CloudflareProvider::post).toList())
                .build();
    }

    private static JsonObject post(ZoneRecord record) {
        JsonObject.Builder post = JsonObject.builder()
                .put("name", record.name())
                .put("type", record.type().name())
                .put("ttl", record.ttl().toSeconds());
        switch (record.data()) {
            case RecordData.Mx mx -> post.put("content", mx.plain()).put("priority", mx.preference());
            case RecordData.Srv srv ->
                post.put(
                        "data",
                        JsonObject.builder()
                                .put("priority", srv.priority())
                                .put("weight", srv.weight())
                                .put("port", srv.port())
                                .put("target", srv.target().isEmpty() ? "." : srv.target())
                                .build());
            case RecordData.Caa caa ->
                post.put(
                        "data",
                        JsonObject.builder()
                                .put("flags", caa.flags())
                                .put("tag", caa.tag())
                                .put("value", caa.value())
                                .build());
            case RecordData.Tlsa tlsa ->
                post.put(
                        "data",
                        JsonObject.builder()
                                .put("usage", tlsa.usage())
                                .put("selector", tlsa.selector())
                                .put("matching_type", tlsa.matching())
                                .put("certificate", tlsa.association())
                                .build());
            case RecordData.Txt txt -> post.put("content", txt.presentation());
            // Cloudflare's proxy passes on no mail.
            case RecordData.Address address ->
                post.put("content", address.plain()).put("proxied", false);
            case RecordData.Cname cname -> post.put("content", cname.plain()).put("proxied", false);
            case RecordData.Ptr ptr -> post.put("content", ptr.plain());
        }
        return post.build();
    }
}
