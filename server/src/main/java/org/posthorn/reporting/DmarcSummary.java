package org.posthorn.reporting;

import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;

/** What the reports of others say of our domains: who sends in their name, what fails and why, and what to do. Used by one thread. */
public final class DmarcSummary {
    /** Sources of a domain that are shown one by one, those with most messages. */
    static final int SHOWN = 40;
    /** Sources of a domain that are told apart. */
    static final int MAX_SOURCES = 100_000;

    private static final class Domain {
        private final Map<InetAddress, SourceTally> sources = new HashMap<>();
        private final SortedSet<String> reporters = new TreeSet<>();
        private int reports;
        private long untold;
        private Instant begin = Instant.MAX;
        private Instant end = Instant.MIN;
        private Optional<PublishedPolicy> policy = Optional.empty();

        void add(AggregateReport report) {
            reports++;
            reporters.add(report.metadata().organization());
            if (report.metadata().begin().isBefore(begin)) {
                begin = report.metadata().begin();
            }
            if (report.metadata().end().isAfter(end)) {
                end = report.metadata().end();
                policy = Optional.of(report.policy());
            }
            for (ReportRecord record : report.records()) {
                if (sources.size() < MAX_SOURCES || sources.containsKey(record.source())) {
                    sources.computeIfAbsent(record.source(), SourceTally::new).add(record);
                } else {
                    untold += record.count();
                }
            }
        }

        long messages() {
            return sources.values().stream().mapToLong(SourceTally::messages).sum() + untold;
        }

        long passed() {
            return sources.values().stream().mapToLong(SourceTally::passed).sum();
        }

        List<SourceTally> largestFirst() {
            return sources.values().stream()
                    .sorted(Comparator.comparingLong(SourceTally::messages)
                            .reversed()
                            .thenComparing(tally -> tally.source().getHostAddress()))
                    .toList();
        }
    }

    private final Map<String, Domain> domains = new TreeMap<>();

    /** Adds all of these reports. */
    public static DmarcSummary of(Stream<AggregateReport> reports) {
        DmarcSummary summary = new DmarcSummary();
        reports.forEach(report -> summary.domains
                .computeIfAbsent(report.policy().domain(), _ -> new Domain())
                .add(report));
        return summary;
    }

    public boolean isEmpty() {
        return domains.isEmpty();
    }

    /** Lines for the owner of the domains. The function gives the name of an address, where it has one. */
    public List<String> lines(Function<InetAddress, Optional<String>> names) {
        List<String> lines = new ArrayList<>();
        domains.forEach((name, domain) -> lines(name, domain, names, lines));
        return lines;
    }

    private static void lines(
            String name, Domain domain, Function<InetAddress, Optional<String>> names, List<String> lines) {
        long messages = domain.messages();
        lines.add(name + ": " + count(messages, "message") + " in its name from "
                + count(domain.sources.size(), "sender") + ", " + percent(domain.passed(), messages) + " pass DMARC");
        lines.add("  told by " + reporters(domain) + " in " + count(domain.reports, "report") + ", " + day(domain.begin)
                + " to " + day(domain.end));
        domain.policy
                .flatMap(PublishedPolicy::policy)
                .ifPresent(policy -> lines.add("  the published policy is p=" + policy.word()
                        + (policy == DispositionType.NONE ? ": what fails is delivered all the same" : "")));
        List<SourceTally> sources = domain.largestFirst();
        for (SourceTally source : sources.subList(0, Math.min(SHOWN, sources.size()))) {
            lines.add("");
            lines(source, names, lines);
        }
        if (sources.size() > SHOWN) {
            long rest = sources.subList(SHOWN, sources.size()).stream()
                    .mapToLong(SourceTally::messages)
                    .sum();
            lines.add("");
            lines.add("  and " + count(sources.size() - SHOWN, "sender") + " more with " + count(rest, "message")
                    + " (--json has all)");
        }
        lines.add("");
    }

    private static void lines(SourceTally source, Function<InetAddress, Optional<String>> names, List<String> lines) {
        lines.add("  " + source.source().getHostAddress()
                + names.apply(source.source()).map(name -> " (" + name + ")").orElse("") + ": "
                + count(source.messages(), "message") + ", " + source.passed() + " pass, " + source.failed() + " fail"
                + stopped(source));
        if (!source.signers().isEmpty()) {
            lines.add("    signed by " + String.join(", ", source.signers()) + " (selector "
                    + String.join(", ", source.selectors()) + ")");
        }
        if (!source.spfDomains().isEmpty()) {
            lines.add("    SPF passes for " + String.join(", ", source.spfDomains()));
        }
        source.strength().ifPresent(words -> lines.add("    " + words));
        source.causes().forEach((cause, count) -> {
            lines.add("    " + count(count, "message") + " failed: " + cause.words());
            lines.add("      what to do: " + cause.advice());
        });
    }

    private static String stopped(SourceTally source) {
        long rejected = source.stopped(DispositionType.REJECT);
        long quarantined = source.stopped(DispositionType.QUARANTINE);
        return (rejected > 0 ? ", " + rejected + " rejected" : "")
                + (quarantined > 0 ? ", " + quarantined + " put into junk" : "");
    }

    /** RFC 9990 and RFC 8460 want the organization named; some reports leave it empty. */
    static String shown(String reporter) {
        return reporter.isBlank() ? "an unnamed reporter" : reporter;
    }

    private static String reporters(Domain domain) {
        List<String> some =
                domain.reporters.stream().limit(6).map(DmarcSummary::shown).toList();
        return String.join(", ", some)
                + (domain.reporters.size() > some.size()
                        ? " and " + (domain.reporters.size() - some.size()) + " more"
                        : "");
    }

    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** Rounded down, so that 100 % means all. */
    static String percent(long part, long whole) {
        return whole == 0 ? "none" : (100 * part / whole) + " %";
    }

    static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    /** All that {@link #lines} says and the senders that it leaves out. */
    public void forEachDomain(Consumer<JsonObject> each) {
        domains.forEach((name, domain) -> each.accept(json(name, domain)));
    }

    private static JsonObject json(String name, Domain domain) {
        return JsonObject.builder()
                .put("domain", name)
                .put("begin", domain.begin.toString())
                .put("end", domain.end.toString())
                .put("reports", domain.reports)
                .put("reporters", JsonArray.ofTexts(List.copyOf(domain.reporters)))
                .putIfPresent(
                        "policy", domain.policy.flatMap(PublishedPolicy::policy).map(DispositionType::word))
                .put("messages", domain.messages())
                .put("passed", domain.passed())
                .put(
                        "sources",
                        domain.largestFirst().stream().map(DmarcSummary::json).toList())
                // Of senders beyond those that are told apart.
                .put("untold", domain.untold)
                .build();
    }

    private static JsonObject json(SourceTally source) {
        JsonObject.Builder causes = JsonObject.builder();
        source.causes()
                .forEach((cause, count) ->
                        causes.put(cause.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        return JsonObject.builder()
                .put("address", source.source().getHostAddress())
                .put("messages", source.messages())
                .put("passed", source.passed())
                .put("failed", source.failed())
                .put("rejected", source.stopped(DispositionType.REJECT))
                .put("quarantined", source.stopped(DispositionType.QUARANTINE))
                .put("signed-by", JsonArray.ofTexts(List.copyOf(source.signers())))
                .put("selectors", JsonArray.ofTexts(List.copyOf(source.selectors())))
                .put("spf-for", JsonArray.ofTexts(List.copyOf(source.spfDomains())))
                .put("causes", causes.build())
                .build();
    }
}
