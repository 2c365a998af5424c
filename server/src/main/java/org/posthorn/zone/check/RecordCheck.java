package org.posthorn.zone.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.Need;
import org.posthorn.zone.Purpose;
import org.posthorn.zone.Zones;

/** Compares each record that should be published with what the servers of its zone say, and with what recursion gives. */
final class RecordCheck {
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(60);
    private static final Duration LONGEST_TTL = Duration.ofDays(2);

    /** RFC 7208 4.5, RFC 9989 4.10, RFC 8461 3.1, RFC 8460 3: more than one is as good as none, or worse. */
    private static final Set<Purpose> ONLY_ONE =
            EnumSet.of(Purpose.SPF, Purpose.DMARC, Purpose.MTA_STS, Purpose.TLSRPT, Purpose.DKIM);

    private final Zones zones;
    private final NameServer recursive;
    private final Acceptance acceptance;
    private final Predicate<String> isSigned;

    /** @param isSigned whether the zone of a name is: only there TLSA records are of use */
    RecordCheck(Zones zones, NameServer recursive, Acceptance acceptance, Predicate<String> isSigned) {
        this.zones = zones;
        this.recursive = recursive;
        this.acceptance = acceptance;
        this.isSigned = isSigned;
    }

    /** Findings for records of one domain, in their order. */
    List<Finding> check(List<DesiredRecord> desired) {
        Map<String, List<DesiredRecord>> sets = new LinkedHashMap<>();
        for (DesiredRecord record : desired) {
            sets.computeIfAbsent(record.record().name() + " " + record.purpose(), _ -> new ArrayList<>())
                    .add(record);
        }
        List<Finding> findings = new ArrayList<>();
        sets.values().forEach(set -> check(set, findings));
        return findings;
    }

    private void check(List<DesiredRecord> wanted, List<Finding> findings) {
        DesiredRecord first = wanted.getFirst();
        String name = first.record().name();
        Optional<Zones.Zone> zone = zones.holding(name);
        // A zone that cannot be found may be hidden from us: recursion still tells what the world sees.
        List<NameServer> servers =
                zone.map(Zones.Zone::servers).filter(list -> !list.isEmpty()).orElse(List.of(recursive));
        Sight sight = Sight.of(servers, name, types(wanted));
        String topic = first.purpose().word();
        if (sight.isBlind()) {
            findings.add(Finding.of(State.UNKNOWN, topic, name, "no name server answers: " + sight.failures()));
            return;
        }
        Predicate<ZoneRecord> serves = present -> first.purpose().isServedBy(first.record(), present);
        String differences = sight.differences(serves);
        if (!differences.isEmpty()) {
            findings.add(new Finding(
                    State.WRONG,
                    topic,
                    name,
                    "the name servers differ: " + differences,
                    fix(wanted, "; on all of them:")));
        } else {
            findings.addAll(judge(wanted, sight.first().stream().filter(serves).toList()));
            recursion(wanted, sight.first().stream().filter(serves).toList(), serves, findings);
        }
        ttl(topic, name, sight, findings);
    }

    private static Set<PublishedType> types(List<DesiredRecord> wanted) {
        Purpose purpose = wanted.getFirst().purpose();
        if (purpose == Purpose.MTA_STS_HOST || purpose == Purpose.AUTOCONFIG) {
            return EnumSet.of(PublishedType.CNAME, PublishedType.A, PublishedType.AAAA);
        }
        if (purpose == Purpose.ADDRESS) {
            return EnumSet.of(PublishedType.A, PublishedType.AAAA);
        }
        return EnumSet.of(wanted.getFirst().record().type());
    }

    private List<Finding> judge(List<DesiredRecord> wanted, List<ZoneRecord> present) {
        DesiredRecord first = wanted.getFirst();
        String name = first.record().name();
        String topic = first.purpose().word();
        if (ONLY_ONE.contains(first.purpose()) && present.size() > 1) {
            return List.of(new Finding(
                    State.WRONG,
                    topic,
                    name,
                    present.size() + " records where only one may be: " + shown(present),
                    fix(wanted, "; remove them all but one, which is:")));
        }
        List<Finding> findings = new ArrayList<>();
        for (DesiredRecord each : wanted) {
            ZoneRecord record = each.record();
            Optional<ZoneRecord> equal =
                    present.stream().filter(record::saysTheSameAs).findFirst();
            if (equal.isPresent()) {
                findings.add(Finding.of(State.FOUND, topic, name, shown(List.of(equal.get()))));
            } else if (present.isEmpty()) {
                findings.add(absent(each));
            } else {
                findings.add(acceptance
                        .why(each, present)
                        .map(why -> Finding.of(State.FOUND, topic, name, shown(present) + ": " + why))
                        .orElseGet(() -> new Finding(
                                State.WRONG, topic, name, "is " + shown(present), fix(List.of(each), "; should be:"))));
            }
        }
        findings.addAll(acceptance.surplus(wanted, present));
        return findings;
    }

    private Finding absent(DesiredRecord each) {
        ZoneRecord record = each.record();
        String topic = each.purpose().word();
        if (each.need() == Need.WITH_DNSSEC && !isSigned.test(record.name())) {
            // RFC 7672 2.2: nobody looks at TLSA records of unsigned zones.
            return Finding.of(State.NOTE, topic, record.name(), "of no use, since the zone is not signed with DNSSEC");
        }
        return new Finding(
                State.MISSING,
                topic,
                record.name(),
                "no " + record.type() + " record for it (" + each.need().words() + ")",
                fix(List.of(each), ""));
    }

    /** What resolvers still have. */
    private void recursion(
            List<DesiredRecord> wanted,
            List<ZoneRecord> present,
            Predicate<ZoneRecord> serves,
            List<Finding> findings) {
        DesiredRecord first = wanted.getFirst();
        String name = first.record().name();
        Sight seen = Sight.of(List.of(recursive), name, types(wanted));
        if (seen.isBlind()) {
            findings.add(Finding.of(
                    State.UNKNOWN,
                    first.purpose().word(),
                    name,
                    "recursion fails: " + String.join("; ", seen.failures().values())));
            return;
        }
        List<ZoneRecord> recursed = seen.first().stream().filter(serves).toList();
        Set<RecordData> now = present.stream().map(ZoneRecord::data).collect(Collectors.toSet());
        Set<RecordData> then = recursed.stream().map(ZoneRecord::data).collect(Collectors.toSet());
        if (!now.equals(then)) {
            long rest = recursed.stream()
                    .mapToLong(record -> record.ttl().toSeconds())
                    .max()
                    .orElse(0);
            findings.add(Finding.of(
                    State.NOTE,
                    first.purpose().word(),
                    name,
                    "resolvers still have " + (recursed.isEmpty() ? "nothing" : shown(recursed))
                            + (rest > 0 ? ", for " + rest + " s" : "")));
        }
    }

    private static void ttl(String topic, String name, Sight sight, List<Finding> findings) {
        String odd = sight.oddTtl(SHORTEST_TTL, LONGEST_TTL);
        if (!odd.isEmpty()) {
            findings.add(Finding.of(State.NOTE, topic, name, odd));
        }
        sight.failures()
                .forEach((server, reason) ->
                        findings.add(Finding.of(State.UNKNOWN, topic, name, server + " does not answer: " + reason)));
    }

    private static List<String> fix(List<DesiredRecord> wanted, String head) {
        List<String> lines = new ArrayList<>();
        if (!head.isEmpty()) {
            lines.add(head);
        }
        wanted.forEach(each -> lines.add(
                each.purpose() == Purpose.REVERSE
                        ? "; ask whoever gave you the address to set: "
                                + each.record().zoneLine()
                        : each.record().zoneLine()));
        return lines;
    }

    private static String shown(List<ZoneRecord> records) {
        return records.stream().map(record -> record.data().plain()).collect(Collectors.joining(", "));
    }
}
