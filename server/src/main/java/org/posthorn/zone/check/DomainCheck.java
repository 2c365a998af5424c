package org.posthorn.zone.check;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.dns.DnsjavaResolver;
import org.posthorn.dns.Dnssec;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.Resolver;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.DomainFacts;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.Purpose;
import org.posthorn.zone.StsPolicy;
import org.posthorn.zone.Zones;

/** Looks at all that the world sees of a domain, and compares it with what should be published. */
public final class DomainCheck {
    private final CheckConfig config;
    private final InstantSource clock;

    public DomainCheck(CheckConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * What is compared.
     *
     * @param records that should be published
     * @param policy that should be served, where one is
     * @param issuer distinguished name of the issuer of the host's certificate (RFC 2253)
     * @param authorities whom the owner lets issue certificates; empty when he has not said
     */
    public record Subject(
            DomainFacts facts,
            DomainRecords records,
            Optional<StsPolicy> policy,
            Optional<String> issuer,
            List<String> authorities) {
        public Subject {
            authorities = List.copyOf(authorities);
        }
    }

    /** Asks the servers one after the other; ends, for every question has a time limit. */
    public CheckReport check(Subject subject) {
        Resolver validating = new DnsjavaResolver(config.dns(), clock);
        // All but the state of DNSSEC itself can be seen in a bogus zone too.
        Resolver resolver = new DnsjavaResolver(config.dns().withDnssec(Dnssec.OFF, Optional.empty()), clock);
        Zones zones = new Zones(resolver, config.dnsPort(), config.timeout());
        ZoneCheck zoneCheck = new ZoneCheck(validating, zones);
        String domain = subject.facts().domain().name();
        String host = subject.facts().host().name();
        List<InetAddress> addresses = subject.facts().addresses();
        HostCheck hosts = new HostCheck(resolver, host);

        List<Finding> findings = new ArrayList<>(zones(zones, zoneCheck, List.of(domain, host)));
        findings.addAll(new RecordCheck(
                        zones,
                        NameServer.recursive(config.dns()),
                        new Acceptance(resolver, addresses),
                        zoneCheck::isSecure)
                .check(subject.records().records()));
        wanted(subject, Purpose.MX, domain).ifPresent(mx -> findings.addAll(hosts.exchanges(domain, mx)));
        wanted(subject, Purpose.SPF, domain)
                .ifPresent(spf -> findings.addAll(new SenderCheck(resolver, host, clock.instant())
                        .check(domain, addresses, spf.record().zoneLine())));
        findings.addAll(hosts.reverse(addresses));
        subject.issuer().ifPresent(issuer -> findings.addAll(hosts.authority(issuer, subject.authorities())));
        subject.policy().ifPresent(policy -> findings.addAll(new PolicyCheck(resolver, config).check(domain, policy)));
        findings.addAll(new BlocklistCheck(resolver, config.blocklists()).check(addresses));
        subject.records().notes().forEach(note -> findings.add(Finding.of(State.NOTE, "posthorn", domain, note)));
        return new CheckReport(subject.facts().domain(), findings);
    }

    private static List<Finding> zones(Zones zones, ZoneCheck check, List<String> names) {
        Map<String, Zones.Zone> found = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (String name : names) {
            zones.holding(name)
                    .ifPresentOrElse(
                            zone -> found.putIfAbsent(zone.name(), zone),
                            () -> findings.add(Finding.of(
                                    State.UNKNOWN,
                                    "ns",
                                    name,
                                    "its zone cannot be found: no NS records by recursion")));
        }
        found.values().forEach(zone -> findings.addAll(check.check(zone)));
        return findings;
    }

    private static Optional<DesiredRecord> wanted(Subject subject, Purpose purpose, String name) {
        return subject.records().records().stream()
                .filter(each ->
                        each.purpose() == purpose && each.record().name().equals(name))
                .findFirst();
    }
}
