package org.posthorn.reporting;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.protocol.dmarcreport.AuthOutcome;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.OverrideReason;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;

/** How policies and records lie in the store: as JSON, the same text for what is counted together. */
final class RecordText {
    private RecordText() {}

    /** Without the count. */
    static String of(ReportRecord record) {
        return JsonObject.builder()
                .put("source", record.source().getHostAddress())
                .put("disposition", record.disposition().name())
                .put("dkim", record.dkimAligned())
                .put("spf", record.spfAligned())
                .put("reasons", record.reasons().stream().map(RecordText::json).toList())
                .put("header-from", record.headerFrom())
                .putIfPresent("envelope-from", record.envelopeFrom())
                .putIfPresent("envelope-to", record.envelopeTo())
                .put(
                        "dkim-results",
                        record.dkim().stream().map(RecordText::json).toList())
                .put("spf-results", record.spf().stream().map(RecordText::json).toList())
                .build()
                .toString();
    }

    private static JsonObject json(OverrideReason reason) {
        return JsonObject.builder()
                .put("type", reason.type().name())
                .put("comment", reason.comment())
                .build();
    }

    private static JsonObject json(ReportRecord.DkimAuth auth) {
        return JsonObject.builder()
                .put("domain", auth.domain())
                .put("selector", auth.selector())
                .put("result", auth.outcome().name())
                .put("explanation", auth.explanation())
                .build();
    }

    private static JsonObject json(ReportRecord.SpfAuth auth) {
        return JsonObject.builder()
                .put("domain", auth.domain())
                .put("helo", auth.ofHelo())
                .put("result", auth.outcome().name())
                .put("explanation", auth.explanation())
                .build();
    }

    /** Throws an {@link IllegalArgumentException} for a text that {@link #of} has not written. */
    static ReportRecord record(String text, long count) {
        JsonObject json = Json.readObject(text);
        return new ReportRecord(
                InetAddress.ofLiteral(required(json, "source")),
                count,
                DispositionType.valueOf(required(json, "disposition")),
                json.isTrue("dkim"),
                json.isTrue("spf"),
                objects(json, "reasons")
                        .map(reason -> new OverrideReason(
                                OverrideReason.Type.valueOf(required(reason, "type")), required(reason, "comment")))
                        .toList(),
                required(json, "header-from"),
                json.text("envelope-from"),
                json.text("envelope-to"),
                objects(json, "dkim-results")
                        .map(auth -> new ReportRecord.DkimAuth(
                                required(auth, "domain"),
                                required(auth, "selector"),
                                AuthOutcome.valueOf(required(auth, "result")),
                                required(auth, "explanation")))
                        .toList(),
                objects(json, "spf-results")
                        .map(auth -> new ReportRecord.SpfAuth(
                                required(auth, "domain"),
                                auth.isTrue("helo"),
                                AuthOutcome.valueOf(required(auth, "result")),
                                required(auth, "explanation")))
                        .toList());
    }

    static String of(PublishedPolicy policy, List<String> uris) {
        return JsonObject.builder()
                .put("domain", policy.domain())
                .put("strict-dkim", policy.strictDkim())
                .put("strict-spf", policy.strictSpf())
                .putIfPresent("p", policy.policy().map(Enum::name))
                .putIfPresent("sp", policy.subdomainPolicy().map(Enum::name))
                .putIfPresent("np", policy.nonexistentPolicy().map(Enum::name))
                .put("testing", policy.testing())
                .putIfPresent("discovery", policy.discovery().map(Enum::name))
                .putIfPresent("fo", policy.failureOptions())
                .put("rua", JsonArray.ofTexts(uris))
                .build()
                .toString();
    }

    static PublishedPolicy policy(String text) {
        JsonObject json = Json.readObject(text);
        return new PublishedPolicy(
                required(json, "domain"),
                json.isTrue("strict-dkim"),
                json.isTrue("strict-spf"),
                json.text("p").map(DispositionType::valueOf),
                json.text("sp").map(DispositionType::valueOf),
                json.text("np").map(DispositionType::valueOf),
                json.isTrue("testing"),
                json.text("discovery").map(PublishedPolicy.Discovery::valueOf),
                json.text("fo"));
    }

    static List<String> uris(String text) {
        return Json.readObject(text).array("rua").stream()
                .map(value -> value instanceof JsonText uri ? Optional.of(uri.value()) : Optional.<String>empty())
                .flatMap(Optional::stream)
                .toList();
    }

    private static Stream<JsonObject> objects(JsonObject json, String name) {
        return json.array(name).stream().map(RecordText::object);
    }

    private static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("not an object: " + value.kind());
    }

    private static String required(JsonObject json, String name) {
        return json.text(name).orElseThrow(() -> new IllegalArgumentException("no " + name));
    }
}
