package org.posthorn.admin.http;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;

/** Requests about the queue and answers as JSON, and back. */
final class QueueJson {
    private QueueJson() {}

    static JsonObject of(QueueAdmin.Message message) {
        return JsonObject.builder()
                .put("id", message.id())
                .put("arrived", message.arrived().toString())
                .put("size", message.size())
                .put("state", message.state())
                .put("sender", message.sender())
                .put("recipients", JsonArray.ofTexts(message.recipients()))
                .putIfPresent("nextAttempt", message.nextAttempt().map(Instant::toString))
                .put("reason", message.reason())
                .build();
    }

    static QueueAdmin.Message message(JsonValue value) {
        JsonObject json = AdminJson.object(value);
        return new QueueAdmin.Message(
                AdminJson.text(json, "id"),
                AdminJson.time(AdminJson.text(json, "arrived")),
                json.integer("size").orElse(0L),
                AdminJson.text(json, "state"),
                AdminJson.text(json, "sender"),
                AdminJson.texts(json, "recipients"),
                json.text("nextAttempt").map(AdminJson::time),
                AdminJson.text(json, "reason"));
    }

    static JsonObject of(QueueAdmin.Details details) {
        List<JsonObject> recipients = details.recipients().stream()
                .map(recipient -> JsonObject.builder()
                        .put("address", recipient.address())
                        .put("done", recipient.done())
                        .put("attempts", recipient.attempts())
                        .putIfPresent("nextAttempt", recipient.nextAttempt().map(Instant::toString))
                        .putIfPresent("last", recipient.last())
                        .build())
                .toList();
        return JsonObject.builder()
                .put("message", of(details.message()))
                .put("recipients", recipients)
                .put("header", details.header())
                .build();
    }

    static QueueAdmin.Details details(JsonObject json) {
        List<QueueAdmin.Recipient> recipients = AdminJson.objects(json, "recipients").stream()
                .map(recipient -> new QueueAdmin.Recipient(
                        AdminJson.text(recipient, "address"),
                        recipient.isTrue("done"),
                        AdminJson.count(recipient, "attempts"),
                        recipient.text("nextAttempt").map(AdminJson::time),
                        recipient.text("last")))
                .toList();
        return new QueueAdmin.Details(
                message(json.object("message").orElseThrow(() -> AdminJson.missing("message"))),
                recipients,
                AdminJson.text(json, "header"));
    }

    static JsonObject of(QueueAdmin.Change change, QueueAdmin.Selection selection) {
        JsonObject.Builder json = JsonObject.builder().put("change", change.word());
        switch (selection) {
            case QueueAdmin.Selection.Ids(List<String> ids) -> json.put("ids", JsonArray.ofTexts(ids));
            case QueueAdmin.Selection.Matching(Optional<String> toDomain, Optional<String> sender) ->
                json.putIfPresent("toDomain", toDomain).putIfPresent("sender", sender);
            case QueueAdmin.Selection.Destination(String name) -> json.put("destination", name);
            case QueueAdmin.Selection.All() -> json.put("all", true);
        }
        return json.build();
    }

    static QueueAdmin.Change change(JsonObject json) {
        String word = AdminJson.text(json, "change");
        try {
            return QueueAdmin.Change.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException("\"change\" is hold, release, delete or retry; not " + word, e);
        }
    }

    /** One of the four ways to say which messages; nothing at all must not mean everything. */
    static QueueAdmin.Selection selection(JsonObject json) {
        boolean ids = json.member("ids").isPresent();
        boolean matching =
                json.member("toDomain").isPresent() || json.member("sender").isPresent();
        boolean destination = json.member("destination").isPresent();
        boolean all = json.isTrue("all");
        if ((ids ? 1 : 0) + (matching ? 1 : 0) + (destination ? 1 : 0) + (all ? 1 : 0) != 1) {
            throw new MalformedJsonException(
                    "one of: \"ids\"; \"toDomain\", \"sender\" or both; \"destination\"; \"all\": true");
        }
        if (ids) {
            return new QueueAdmin.Selection.Ids(AdminJson.texts(json, "ids"));
        }
        if (matching) {
            return new QueueAdmin.Selection.Matching(json.text("toDomain"), json.text("sender"));
        }
        return destination
                ? new QueueAdmin.Selection.Destination(AdminJson.text(json, "destination"))
                : new QueueAdmin.Selection.All();
    }

    static JsonObject of(QueueAdmin.Changed changed) {
        return JsonObject.builder()
                .put("count", changed.count())
                .put("absent", JsonArray.ofTexts(changed.absent()))
                .build();
    }

    static QueueAdmin.Changed changed(JsonObject json) {
        return new QueueAdmin.Changed(AdminJson.count(json, "count"), AdminJson.texts(json, "absent"));
    }
}
