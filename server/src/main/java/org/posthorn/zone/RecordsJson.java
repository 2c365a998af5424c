package org.posthorn.zone;

import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;

/**
 * The records of a domain as JSON: an object with {@code domain}, {@code zone}, {@code records} and {@code notes}. Each record has
 * {@code name} (absolute), {@code relative} (to the zone, for those within it), {@code type}, {@code ttl}, {@code priority} (of MX and
 * SRV), {@code value} (without quotes), {@code data} (as in zone files), {@code purpose}, {@code need}, {@code recognition} and
 * {@code reason}.
 */
public final class RecordsJson {
    private RecordsJson() {}

    /** The document. */
    public static JsonObject of(DomainRecords wanted, String zone) {
        return JsonObject.builder()
                .put("domain", wanted.domain().name())
                .put("zone", zone)
                .put(
                        "records",
                        wanted.records().stream()
                                .map(desired -> of(desired, zone))
                                .toList())
                .put("notes", JsonArray.ofTexts(wanted.notes()))
                .build();
    }

    private static JsonObject of(DesiredRecord desired, String zone) {
        ZoneRecord record = desired.record();
        JsonObject.Builder json = JsonObject.builder().put("name", record.name());
        if (record.isWithin(zone)) {
            json.put("relative", record.nameIn(zone));
        }
        json.put("type", record.type().name()).put("ttl", record.ttl().toSeconds());
        record.data().rank().ifPresent(rank -> json.put("priority", rank));
        return json.put("value", record.data().plain())
                .put("data", record.data().presentation())
                .put("purpose", desired.purpose().word())
                .put("need", desired.need().words())
                .put("recognition", desired.purpose().recognition())
                .put("reason", desired.reason())
                .build();
    }
}
