package org.posthorn.admin.http;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.admin.ReportAdmin;
import org.posthorn.json.JsonObject;
import org.posthorn.json.MalformedJsonException;

/** What becomes of reports as JSON, and back. */
final class ReportJson {
    private ReportJson() {}

    static JsonObject of(List<ReportAdmin.Taken> taken) {
        List<JsonObject> reports = taken.stream()
                .map(one -> JsonObject.builder()
                        .put("outcome", one.outcome().word())
                        .put("text", one.text())
                        .build())
                .toList();
        return JsonObject.builder().put("reports", reports).build();
    }

    static List<ReportAdmin.Taken> taken(JsonObject json) {
        return AdminJson.objects(json, "reports").stream()
                .map(one -> new ReportAdmin.Taken(outcome(AdminJson.text(one, "outcome")), AdminJson.text(one, "text")))
                .toList();
    }

    private static ReportAdmin.Taken.Outcome outcome(String word) {
        try {
            return ReportAdmin.Taken.Outcome.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException("\"outcome\" is stored, known, single or refused; not " + word, e);
        }
    }

    static JsonObject of(Optional<LocalDate> day) {
        return JsonObject.builder()
                .putIfPresent("day", day.map(LocalDate::toString))
                .build();
    }

    static Optional<LocalDate> day(JsonObject json) {
        Optional<String> text = json.text("day");
        try {
            return text.map(LocalDate::parse);
        } catch (DateTimeException e) {
            throw new MalformedJsonException("not a day like 2026-01-31: " + text.orElse(""), e);
        }
    }
}
