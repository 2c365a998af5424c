package org.posthorn.zone.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.posthorn.dns.Answer;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.SoaRecord;
import org.posthorn.zone.Zones;

/** A zone as such: its servers agree with each other and with the parent (RFC 1034 4.2.2, RFC 1912 2.8), and DNSSEC's state. */
final class ZoneCheck {
    private final Resolver validating;
    private final Zones zones;

    ZoneCheck(Resolver validating, Zones zones) {
        this.validating = validating;
        this.zones = zones;
    }

    List<Finding> check(Zones.Zone zone) {
        List<Finding> findings = new ArrayList<>();
        findings.add(dnssec(zone.name()));
        servers(zone, findings);
        delegation(zone, findings);
        return findings;
    }

    Finding dnssec(String name) {
        Answer<SoaRecord> answer = validating.ask(RecordType.SOA, name);
        if (answer instanceof Answer.Failure<SoaRecord> failure) {
            return failure.kind() == FailureKind.BOGUS
                    ? new Finding(
                            State.WRONG,
                            "dnssec",
                            name,
                            "bogus: " + failure.reason(),
                            List.of(
                                    "; sign the zone anew, or have the DS record at the parent match its key or go away"))
                    : Finding.of(State.UNKNOWN, "dnssec", name, failure.reason());
        }
        return answer.isSecure()
                ? Finding.of(State.FOUND, "dnssec", name, "secure")
                : Finding.of(State.NOTE, "dnssec", name, "not signed, or the signatures do not reach the root");
    }

    boolean isSecure(String name) {
        return zones.holding(name)
                .map(zone -> validating.ask(RecordType.SOA, zone.name()).isSecure())
                .orElse(false);
    }

    private static void servers(Zones.Zone zone, List<Finding> findings) {
        zone.hosts().forEach((name, servers) -> {
            if (servers.isEmpty()) {
                findings.add(new Finding(
                        State.WRONG,
                        "ns",
                        zone.name(),
                        name + " has no address",
                        List.of("; give it one, or remove its NS record")));
            }
        });
        Map<Long, List<String>> serials = new LinkedHashMap<>();
        for (NameServer server : zone.servers()) {
            switch (server.data(RecordType.SOA, zone.name())) {
                case Answer.Found<SoaRecord> soa ->
                    serials.computeIfAbsent(soa.records().getFirst().serial(), _ -> new ArrayList<>())
                            .add(server.toString());
                case Answer.Failure<SoaRecord> failure
                when failure.kind() == FailureKind.REFUSED -> findings.add(lame(zone, server, failure.reason()));
                case Answer.Failure<SoaRecord> failure ->
                    findings.add(Finding.of(
                            State.UNKNOWN, "ns", zone.name(), server + " does not answer: " + failure.reason()));
                case Answer.NoData<SoaRecord> _, Answer.NoSuchName<SoaRecord> _ ->
                    findings.add(lame(zone, server, "has no such zone"));
            }
        }
        if (serials.size() > 1) {
            findings.add(Finding.of(
                    State.NOTE,
                    "ns",
                    zone.name(),
                    "the servers have different versions: "
                            + serials.entrySet().stream()
                                    .map(entry -> entry.getKey() + " at " + String.join(", ", entry.getValue()))
                                    .collect(Collectors.joining("; "))));
        }
    }

    private static Finding lame(Zones.Zone zone, NameServer server, String reason) {
        return new Finding(
                State.WRONG,
                "ns",
                zone.name(),
                server + " is named as a server of the zone, but does not serve it: " + reason,
                List.of("; serve the zone there, or remove its NS record, here and at the parent"));
    }

    /** RFC 1034 4.2.2: the NS records at the parent and in the zone should be the same. */
    private void delegation(Zones.Zone zone, List<Finding> findings) {
        int dot = zone.name().indexOf('.');
        Optional<Zones.Zone> parent =
                dot < 0 ? Optional.empty() : zones.holding(zone.name().substring(dot + 1));
        if (parent.isEmpty()) {
            return;
        }
        for (NameServer server : zone.servers()) {
            if (server.data(RecordType.NS, zone.name()) instanceof Answer.Found<String>(var own, var _)) {
                for (NameServer above : parent.get().servers()) {
                    List<String> delegated = above.delegation(zone.name());
                    if (!delegated.isEmpty()) {
                        compare(zone, new TreeSet<>(own), new TreeSet<>(delegated), findings);
                        return;
                    }
                }
            }
        }
    }

    private static void compare(
            Zones.Zone zone, SortedSet<String> own, SortedSet<String> delegated, List<Finding> findings) {
        if (own.equals(delegated)) {
            findings.add(Finding.of(State.FOUND, "ns", zone.name(), String.join(", ", own)));
        } else {
            findings.add(new Finding(
                    State.WRONG,
                    "ns",
                    zone.name(),
                    "the parent names " + String.join(", ", delegated) + ", the zone itself " + String.join(", ", own),
                    List.of(remedy(own, delegated))));
        }
    }

    private static String remedy(SortedSet<String> own, SortedSet<String> delegated) {
        SortedSet<String> add = new TreeSet<>(own);
        add.removeAll(delegated);
        SortedSet<String> drop = new TreeSet<>(delegated);
        drop.removeAll(own);
        List<String> steps = new ArrayList<>();
        if (!add.isEmpty()) {
            steps.add("add " + String.join(", ", add) + " at your registrar, or take the NS record out of the zone");
        }
        if (!drop.isEmpty()) {
            steps.add("remove " + String.join(", ", drop) + " at your registrar, or give the zone an NS record for it");
        }
        return "; " + String.join("; ", steps);
    }
}
