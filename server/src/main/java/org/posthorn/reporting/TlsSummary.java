package org.posthorn.reporting;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.tlsrpt.TlsReport;

/** What TLS reports of others say of our servers, for their owner. Used by one thread. */
public final class TlsSummary {
    /** Failures of one domain that are told apart. */
    private static final int MAX_FAILURES = 200;

    private static final class Domain {
        private final SortedSet<String> reporters = new TreeSet<>();
        private final SortedSet<String> policies = new TreeSet<>();
        private long successes;
        private long failures;
        private final Map<String, Long> details = new TreeMap<>();

        void add(String reporter, TlsReport.PolicyResult policy) {
            reporters.add(reporter);
            policies.add(policy.type().word());
            successes += policy.successes();
            failures += policy.failures();
            for (TlsReport.Failure failure : policy.details()) {
                String key = failure.result()
                        + failure.receivingMx().map(mx -> " at " + mx).orElse("");
                if (details.size() < MAX_FAILURES || details.containsKey(key)) {
                    details.merge(key, failure.count(), Long::sum);
                }
            }
        }
    }

    private final Map<String, Domain> domains = new TreeMap<>();

    /** Adds all of these reports, or what they say of one domain. */
    public static TlsSummary of(Stream<TlsReport> reports, Optional<String> wanted) {
        TlsSummary summary = new TlsSummary();
        reports.forEach(report -> report.policies().stream()
                .filter(policy -> wanted.isEmpty() || wanted.get().equals(policy.domain()))
                .forEach(policy -> summary.domains
                        .computeIfAbsent(policy.domain(), _ -> new Domain())
                        .add(report.organization(), policy)));
        return summary;
    }

    public boolean isEmpty() {
        return domains.isEmpty();
    }

    /** Lines for the owner of the domains. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        domains.forEach((name, domain) -> {
            long sessions = domain.successes + domain.failures;
            lines.add((name.isEmpty() ? "(no domain named)" : name) + ": " + DmarcSummary.count(sessions, "connection")
                    + " to its servers, " + DmarcSummary.percent(domain.successes, sessions) + " with TLS as wanted");
            lines.add("  told by "
                    + String.join(
                            ", ",
                            domain.reporters.stream().map(DmarcSummary::shown).toList())
                    + "; under "
                    + String.join(", ", domain.policies));
            domain.details.forEach((what, count) -> {
                String result = what.split(" ", 2)[0];
                lines.add("  " + DmarcSummary.count(count, "connection") + " failed: " + what);
                lines.add("    " + meaning(result));
            });
            lines.add("");
        });
        return lines;
    }

    /** RFC 8460 4.3. */
    static String meaning(String result) {
        return switch (result) {
            case "starttls-not-supported" ->
                "The server did not offer STARTTLS. Switch TLS on, and look for a firewall that hides it.";
            case "certificate-host-mismatch" ->
                "The certificate is for another name than that of the MX. Get one for the MX's name.";
            case "certificate-expired" -> "The certificate has expired. Renew it.";
            case "certificate-not-trusted" ->
                "The certificate is of no authority that senders know, or the chain is incomplete.";
            case "validation-failure" ->
                "TLS failed in a way that the sender does not name. Look into the server's log of that time.";
            case "tlsa-invalid" ->
                "The TLSA record does not match the certificate. Publish the new one (posthorn dns check).";
            case "dnssec-invalid" -> "DNSSEC of the zone is broken for this sender.";
            case "dane-required" -> "The sender insists on DANE, and found no usable TLSA record.";
            case "sts-policy-fetch-error" ->
                "The MTA-STS policy could not be fetched: look at https://mta-sts.DOMAIN/.well-known/mta-sts.txt.";
            case "sts-policy-invalid" -> "The MTA-STS policy has mistakes in it.";
            case "sts-webpki-invalid" -> "The certificate of the host mta-sts is not valid.";
            default -> "RFC 8460 does not know this result.";
        };
    }

    /** All that {@link #lines} says. */
    public void forEachDomain(Consumer<JsonObject> each) {
        domains.forEach((name, domain) -> each.accept(json(name, domain)));
    }

    private static JsonObject json(String name, Domain domain) {
        JsonObject.Builder failures = JsonObject.builder();
        domain.details.forEach(failures::put);
        return JsonObject.builder()
                .put("domain", name)
                .put("reporters", JsonArray.ofTexts(List.copyOf(domain.reporters)))
                .put("policies", JsonArray.ofTexts(List.copyOf(domain.policies)))
                .put("successes", domain.successes)
                .put("failures", domain.failures)
                .put("details", failures.build())
                .build();
    }
}
