package org.posthorn.admin.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.server.admin.AdminReply;

/** Requests and answers as JSON, and back. Times are those of RFC 3339; what there is nothing to say about is left out. */
final class AdminJson {
    private AdminJson() {}

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
        JsonObject json = object(value);
        return new QueueAdmin.Message(
                text(json, "id"),
                time(text(json, "arrived")),
                json.integer("size").orElse(0L),
                text(json, "state"),
                text(json, "sender"),
                texts(json, "recipients"),
                json.text("nextAttempt").map(AdminJson::time),
                text(json, "reason"));
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
        List<QueueAdmin.Recipient> recipients = json.array("recipients").stream()
                .map(AdminJson::object)
                .map(recipient -> new QueueAdmin.Recipient(
                        text(recipient, "address"),
                        recipient.isTrue("done"),
                        Math.toIntExact(recipient.integer("attempts").orElse(0L)),
                        recipient.text("nextAttempt").map(AdminJson::time),
                        recipient.text("last")))
                .toList();
        return new QueueAdmin.Details(
                message(json.object("message").orElseThrow(() -> missing("message"))),
                recipients,
                text(json, "header"));
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
        String word = text(json, "change");
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
            return new QueueAdmin.Selection.Ids(texts(json, "ids"));
        }
        if (matching) {
            return new QueueAdmin.Selection.Matching(json.text("toDomain"), json.text("sender"));
        }
        return destination
                ? new QueueAdmin.Selection.Destination(text(json, "destination"))
                : new QueueAdmin.Selection.All();
    }

    static JsonObject of(QueueAdmin.Changed changed) {
        return JsonObject.builder()
                .put("count", changed.count())
                .put("absent", JsonArray.ofTexts(changed.absent()))
                .build();
    }

    static QueueAdmin.Changed changed(JsonObject json) {
        return new QueueAdmin.Changed(Math.toIntExact(json.integer("count").orElse(0L)), texts(json, "absent"));
    }

    static JsonObject of(AdminReply reply) {
        return JsonObject.builder()
                .put("ok", reply.ok())
                .put("message", reply.message())
                .put("columns", JsonArray.ofTexts(reply.columns()))
                .put("rows", reply.rows().stream().map(JsonArray::ofTexts).toList())
                .build();
    }

    static AdminReply reply(JsonObject json) {
        List<List<String>> rows = json.array("rows").stream()
                .map(row -> row instanceof JsonArray(List<JsonValue> cells)
                        ? cells.stream().map(AdminJson::text).toList()
                        : List.<String>of())
                .toList();
        return new AdminReply(json.isTrue("ok"), text(json, "message"), texts(json, "columns"), rows);
    }

    static List<String> texts(JsonObject json, String name) {
        return json.array(name).stream().map(AdminJson::text).toList();
    }

    static String text(JsonObject json, String name) {
        return json.text(name).orElseThrow(() -> missing(name));
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonText(String text)) {
            return text;
        }
        throw new MalformedJsonException("text is wanted, not " + value.kind());
    }

    private static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new MalformedJsonException("an object is wanted, not " + value.kind());
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedJsonException("not a time: " + text, e);
        }
    }

    private static MalformedJsonException missing(String name) {
        return new MalformedJsonException("\"" + name + "\" is missing");
    }
}
