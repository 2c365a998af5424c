package org.posthorn.zone.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.dns.Answer;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.ZoneRecord;

/**
 * What the servers of a zone say of one name, put side by side.
 *
 * @param records by server, of those that answered
 * @param failures of the others, by server
 */
record Sight(Map<String, List<ZoneRecord>> records, Map<String, String> failures) {
    /** Asks each server for each of the types. */
    static Sight of(List<NameServer> servers, String name, Set<PublishedType> types) {
        Map<String, List<ZoneRecord>> records = new LinkedHashMap<>();
        Map<String, String> failures = new LinkedHashMap<>();
        for (NameServer server : servers) {
            Set<ZoneRecord> found = new LinkedHashSet<>();
            for (PublishedType type : types) {
                switch (server.records(type, name)) {
                    case Answer.Found<ZoneRecord> answer -> found.addAll(answer.records());
                    case Answer.NoData<ZoneRecord> _, Answer.NoSuchName<ZoneRecord> _ -> {}
                    case Answer.Failure<ZoneRecord> failure -> failures.put(server.toString(), failure.reason());
                }
            }
            if (!failures.containsKey(server.toString())) {
                records.put(server.toString(), List.copyOf(found));
            }
        }
        return new Sight(records, failures);
    }

    /** The records of the first server that answered. */
    List<ZoneRecord> first() {
        return records.values().stream().findFirst().orElse(List.of());
    }

    boolean isBlind() {
        return records.isEmpty();
    }

    /** Which servers say what, where they do not all say the same of the records that pass; empty where they do. */
    String differences(java.util.function.Predicate<ZoneRecord> which) {
        Map<Set<String>, List<String>> byContent = new LinkedHashMap<>();
        records.forEach((server, found) -> byContent
                .computeIfAbsent(
                        found.stream()
                                .filter(which)
                                .map(record -> record.data().presentation())
                                .collect(Collectors.toCollection(java.util.TreeSet::new)),
                        _ -> new ArrayList<>())
                .add(server));
        if (byContent.size() < 2) {
            return "";
        }
        return byContent.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + ": "
                        + (entry.getKey().isEmpty() ? "nothing" : String.join(" and ", entry.getKey())))
                .collect(Collectors.joining("; "));
    }

    /** RFC 2181 5.2: all records of a set have one TTL; differing ones, or one out of all proportion, deserve a word. */
    String oddTtl(Duration shortest, Duration longest) {
        Set<Duration> ttls = first().stream().map(ZoneRecord::ttl).collect(Collectors.toCollection(LinkedHashSet::new));
        if (ttls.size() > 1 && first().stream().map(ZoneRecord::type).distinct().count() == 1) {
            return "the records of one set have different TTLs";
        }
        return ttls.stream()
                .filter(ttl -> ttl.compareTo(shortest) < 0 || ttl.compareTo(longest) > 0)
                .findFirst()
                .map(ttl -> "a TTL of " + ttl.toSeconds() + " s is "
                        + (ttl.compareTo(shortest) < 0
                                ? "short: every look-up goes to your servers"
                                : "long: a mistake stays for days"))
                .orElse("");
    }
}
