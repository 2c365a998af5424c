package org.posthorn.reporting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.delivery.remote.AppliedPolicy;
import org.posthorn.delivery.remote.TlsSessions;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.protocol.tlsrpt.TlsReport;
import org.posthorn.protocol.tlsrpt.TlsReport.PolicyType;

/**
 * Sessions as the store keeps them: the policy and the outcome as JSON; an outcome is "" for a success and {@value #MORE} for failures
 * that are not told apart any more.
 */
final class TlsSessionText {
    private static final String SUCCESS = "";
    private static final String MORE = "more";

    private TlsSessionText() {}

    static String policy(AppliedPolicy policy) {
        return switch (policy) {
            case AppliedPolicy.NotFound() -> policy(PolicyType.NO_POLICY_FOUND, List.of(), List.of());
            case AppliedPolicy.Sts(var lines, var hosts) -> policy(PolicyType.STS, lines, hosts);
            case AppliedPolicy.Dane(var records) -> policy(PolicyType.TLSA, records, List.of());
        };
    }

    private static String policy(PolicyType type, List<String> strings, List<String> hosts) {
        return JsonObject.builder()
                .put("type", type.name())
                .put("strings", JsonArray.ofTexts(strings))
                .put("hosts", JsonArray.ofTexts(hosts))
                .build()
                .toString();
    }

    static String outcome(TlsSessions.Session session) {
        return session.outcome()
                .failure()
                .map(failure -> JsonObject.builder()
                        .put("result", failure.reason().word())
                        .put("from", session.outcome().local().getHostAddress())
                        .put("host", session.server().host())
                        .put("to", session.server().address().getHostAddress())
                        .putIfPresent("code", Optional.of(failure.words()).filter(words -> !words.isEmpty()))
                        .build()
                        .toString())
                .orElse(SUCCESS);
    }

    /** The outcome under which one is counted that is one too many. */
    static String more(String outcome) {
        return outcome.equals(SUCCESS) ? SUCCESS : MORE;
    }

    /** What a report says of these sessions to a domain's servers: a result for each policy. */
    static List<TlsReport.PolicyResult> results(String domain, List<TlsSessionTable.Row> rows) {
        Map<String, List<TlsSessionTable.Row>> byPolicy = new LinkedHashMap<>();
        rows.forEach(row ->
                byPolicy.computeIfAbsent(row.policy(), _ -> new ArrayList<>()).add(row));
        return byPolicy.entrySet().stream()
                .map(entry -> result(domain, Json.readObject(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static TlsReport.PolicyResult result(String domain, JsonObject policy, List<TlsSessionTable.Row> rows) {
        long successes = rows.stream()
                .filter(row -> row.outcome().equals(SUCCESS))
                .mapToLong(TlsSessionTable.Row::count)
                .sum();
        return new TlsReport.PolicyResult(
                policy.text("type").map(PolicyType::valueOf).orElse(PolicyType.NO_POLICY_FOUND),
                texts(policy, "strings"),
                domain,
                texts(policy, "hosts"),
                successes,
                rows.stream().mapToLong(TlsSessionTable.Row::count).sum() - successes,
                rows.stream()
                        .filter(row ->
                                !row.outcome().equals(SUCCESS) && !row.outcome().equals(MORE))
                        .map(row -> failure(Json.readObject(row.outcome()), row.count()))
                        .toList());
    }

    private static List<String> texts(JsonObject object, String name) {
        return object.array(name).stream()
                .map(value -> ((JsonText) value).value())
                .toList();
    }

    private static TlsReport.Failure failure(JsonObject failure, long count) {
        return new TlsReport.Failure(
                failure.text("result").orElse(""),
                failure.text("from"),
                failure.text("host"),
                Optional.empty(),
                failure.text("to"),
                count,
                Optional.empty(),
                failure.text("code"));
    }
}
