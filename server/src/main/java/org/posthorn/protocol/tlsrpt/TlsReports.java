package org.posthorn.protocol.tlsrpt;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonNumber;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;

/** Reads and writes TLS reports as JSON (RFC 8460 4.4). */
public final class TlsReports {
    /** Octets of JSON. */
    public static final int MAX_SIZE = 4 << 20;

    static final int MAX_POLICIES = 1_000;
    static final int MAX_FAILURES = 10_000;
    static final int MAX_STRINGS = 100;
    static final int MAX_TEXT = 1_000;
    private static final long MOST_SESSIONS = 1_000_000_000_000L;

    private int failures;

    private TlsReports() {}

    /** Reads a report, already unpacked; throws {@link TlsReportSyntaxException} when it is none. */
    public static TlsReport parse(byte[] json) {
        if (json.length > MAX_SIZE) {
            throw new TlsReportSyntaxException("the report has more than " + MAX_SIZE + " octets");
        }
        String text = new String(json, StandardCharsets.UTF_8);
        try {
            return new TlsReports().report(Json.readObject(text.startsWith("\ufeff") ? text.substring(1) : text));
        } catch (MalformedJsonException e) {
            throw new TlsReportSyntaxException(cut(String.valueOf(e.getMessage())), e);
        }
    }

    private TlsReport report(JsonObject json) {
        JsonObject range = json.object("date-range").orElseThrow(() -> new TlsReportSyntaxException("no date-range"));
        Instant begin = time(range, "start-datetime");
        Instant end = time(range, "end-datetime");
        if (end.isBefore(begin)) {
            throw new TlsReportSyntaxException("the period ends before it begins");
        }
        String id = text(json, "report-id").orElseThrow(() -> new TlsReportSyntaxException("no report-id"));
        List<JsonValue> policies = json.array("policies");
        if (policies.size() > MAX_POLICIES) {
            throw new TlsReportSyntaxException("more than " + MAX_POLICIES + " policies");
        }
        return new TlsReport(
                text(json, "organization-name").orElse(""),
                begin,
                end,
                text(json, "contact-info").orElse(""),
                id,
                policies.stream().map(this::policy).toList());
    }

    private static Instant time(JsonObject range, String name) {
        String value = range.text(name).orElseThrow(() -> new TlsReportSyntaxException("no " + name));
        try {
            // RFC 3339 with an offset; some leave out the offset
            return OffsetDateTime.parse(value.matches(".*(Z|[+-][0-9:]{5})") ? value : value + "Z")
                    .toInstant();
        } catch (DateTimeException e) {
            throw new TlsReportSyntaxException(name + " is no date: " + cut(value), e);
        }
    }

    private TlsReport.PolicyResult policy(JsonValue value) {
        JsonObject json = object(value);
        JsonObject policy =
                json.object("policy").orElseThrow(() -> new TlsReportSyntaxException("a policy without its type"));
        JsonObject summary =
                json.object("summary").orElseThrow(() -> new TlsReportSyntaxException("a policy without a summary"));
        String type = text(policy, "policy-type").orElse("").toLowerCase(Locale.ROOT);
        List<JsonValue> details = json.array("failure-details");
        failures += details.size();
        if (failures > MAX_FAILURES) {
            throw new TlsReportSyntaxException("more than " + MAX_FAILURES + " failures");
        }
        return new TlsReport.PolicyResult(
                Stream.of(TlsReport.PolicyType.values())
                        .filter(known -> known.word().equals(type))
                        .findFirst()
                        .orElse(TlsReport.PolicyType.OTHER),
                texts(policy, "policy-string"),
                text(policy, "policy-domain").orElse("").toLowerCase(Locale.ROOT),
                texts(policy, "mx-host"),
                count(summary, "total-successful-session-count"),
                count(summary, "total-failure-session-count"),
                details.stream().map(TlsReports::failure).toList());
    }

    private static TlsReport.Failure failure(JsonValue value) {
        JsonObject json = object(value);
        return new TlsReport.Failure(
                text(json, "result-type").orElse("").toLowerCase(Locale.ROOT),
                text(json, "sending-mta-ip"),
                text(json, "receiving-mx-hostname"),
                text(json, "receiving-mx-helo"),
                text(json, "receiving-ip"),
                count(json, "failed-session-count"),
                text(json, "additional-information").or(() -> text(json, "additional-info-uri")),
                text(json, "failure-reason-code"));
    }

    private static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new TlsReportSyntaxException("an object is wanted, not " + value.kind());
    }

    /** A count that is left out is 0; some write it as text. */
    private static long count(JsonObject json, String name) {
        Optional<JsonValue> member = json.member(name);
        long count = 0;
        if (member.isPresent()) {
            count = switch (member.get()) {
                case JsonNumber number -> number.asLong();
                case JsonText text when text.value().matches("[0-9]{1,12}") -> Long.parseLong(text.value());
                default -> -1;
            };
        }
        if (count < 0 || count > MOST_SESSIONS) {
            throw new TlsReportSyntaxException(name + " is no sensible number");
        }
        return count;
    }

    private static Optional<String> text(JsonObject json, String name) {
        return json.text(name).map(TlsReports::cut).filter(text -> !text.isEmpty());
    }

    /** A list of texts, or one text: the RFC's own example has mx-host in both forms. */
    private static List<String> texts(JsonObject json, String name) {
        Optional<JsonValue> member = json.member(name);
        List<String> texts = new ArrayList<>();
        if (member.isPresent()) {
            List<JsonValue> elements =
                    member.get() instanceof JsonArray array ? array.elements() : List.of(member.get());
            for (JsonValue element : elements) {
                if (element instanceof JsonText text && texts.size() < MAX_STRINGS) {
                    texts.add(cut(text.value()));
                }
            }
        }
        return texts;
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(MAX_TEXT, text.length())).strip();
    }

    /** The report as JSON in UTF-8. */
    public static byte[] write(TlsReport report) {
        JsonObject.Builder json = JsonObject.builder()
                .put("organization-name", report.organization())
                .put(
                        "date-range",
                        JsonObject.builder()
                                .put("start-datetime", report.begin().toString())
                                .put("end-datetime", report.end().toString())
                                .build())
                .put("contact-info", report.contact())
                .put("report-id", report.id())
                .put(
                        "policies",
                        report.policies().stream().map(TlsReports::json).toList());
        return json.build().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject json(TlsReport.PolicyResult result) {
        JsonObject.Builder policy =
                JsonObject.builder().put("policy-type", result.type().word());
        if (!result.strings().isEmpty()) {
            policy.put("policy-string", JsonArray.ofTexts(result.strings()));
        }
        if (!result.domain().isEmpty()) {
            policy.put("policy-domain", result.domain());
        }
        if (!result.mxHosts().isEmpty()) {
            policy.put("mx-host", JsonArray.ofTexts(result.mxHosts()));
        }
        JsonObject.Builder json = JsonObject.builder()
                .put("policy", policy.build())
                .put(
                        "summary",
                        JsonObject.builder()
                                .put("total-successful-session-count", result.successes())
                                .put("total-failure-session-count", result.failures())
                                .build());
        if (!result.details().isEmpty()) {
            json.put(
                    "failure-details",
                    result.details().stream().map(TlsReports::json).toList());
        }
        return json.build();
    }

    private static JsonObject json(TlsReport.Failure failure) {
        return JsonObject.builder()
                .put("result-type", failure.result())
                .putIfPresent("sending-mta-ip", failure.sendingMta())
                .putIfPresent("receiving-mx-hostname", failure.receivingMx())
                .putIfPresent("receiving-mx-helo", failure.receivingHelo())
                .putIfPresent("receiving-ip", failure.receivingIp())
                .put("failed-session-count", failure.count())
                .putIfPresent("additional-information", failure.information())
                .putIfPresent("failure-reason-code", failure.reasonCode())
                .build();
    }
}
