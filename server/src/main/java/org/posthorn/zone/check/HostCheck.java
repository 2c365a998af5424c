package org.posthorn.zone.check;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Answer;
import org.posthorn.dns.CaaRecord;
import org.posthorn.dns.MxRecord;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.Zones;

/** The hosts that mail for a domain goes to and comes from: as others find them. */
final class HostCheck {
    private final Resolver resolver;
    private final String host;

    HostCheck(Resolver resolver, String host) {
        this.resolver = resolver;
        this.host = host;
    }

    /** RFC 5321 5.1, RFC 2181 10.3: the hosts of MX records have addresses and are no aliases; RFC 7505: a null MX stands alone and takes no mail. */
    List<Finding> exchanges(String domain, DesiredRecord wanted) {
        List<Finding> findings = new ArrayList<>();
        List<MxRecord> exchanges = resolver.mx(domain).recordsOrNone();
        List<String> fix = List.of(wanted.record().zoneLine());
        for (MxRecord record : exchanges) {
            String exchange = record.exchange();
            if (exchange.isEmpty()) {
                findings.add(new Finding(
                        State.WRONG, "mx", domain, "a null MX: the domain says that it takes no mail", fix));
            } else if (resolver.cname(exchange) instanceof Answer.Found<String>(var targets, var _)) {
                findings.add(new Finding(
                        State.WRONG,
                        "mx",
                        domain,
                        exchange + " is an alias of " + targets.getFirst() + ", which a mail host must not be",
                        fix));
            } else {
                addresses(exchange).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private Optional<Finding> addresses(String exchange) {
        Answer<?> four = resolver.ipv4(exchange);
        Answer<?> six = resolver.ipv6(exchange);
        if (four instanceof Answer.Found || six instanceof Answer.Found) {
            return Optional.empty();
        }
        if (four instanceof Answer.Failure<?> failure) {
            return Optional.of(Finding.of(State.UNKNOWN, "mx", exchange, failure.reason()));
        }
        return Optional.of(new Finding(
                State.WRONG, "mx", exchange, "the mail host has no address", List.of("; give it an A or AAAA record")));
    }

    /** RFC 1912 2.1, as receivers check it: the name of the address is the host's, and leads back to the address. */
    List<Finding> reverse(List<InetAddress> addresses) {
        List<Finding> findings = new ArrayList<>();
        for (InetAddress address : addresses) {
            String shown = address.getHostAddress();
            Answer<String> names = resolver.ptr(address);
            for (String name : names.recordsOrNone()) {
                boolean back = Zones.addresses(resolver, name).contains(address);
                if (back) {
                    findings.add(Finding.of(State.FOUND, "reverse", shown, name + " leads back to it"));
                } else {
                    findings.add(new Finding(
                            State.WRONG,
                            "reverse",
                            shown,
                            name + " does not lead back to it",
                            List.of(new ZoneRecord(host, Duration.ofHours(1), new RecordData.Address(address))
                                    .zoneLine())));
                }
            }
        }
        return findings;
    }

    /**
     * RFC 8659 3: the CAA records of the host, or of the closest name above it that has some, must allow the authority that our
     * certificate is from.
     *
     * @param issuer of the certificate
     * @param named authorities that the owner has named in its place; else it is known by its issuer's name
     */
    List<Finding> authority(String issuer, List<String> named) {
        List<String> domains =
                named.isEmpty() ? Authorities.domain(issuer).stream().toList() : named;
        for (String name = host; !name.isEmpty(); name = parent(name)) {
            String found = name;
            Answer<CaaRecord> answer = resolver.ask(RecordType.CAA, name);
            if (answer instanceof Answer.Failure<CaaRecord> failure) {
                return List.of(Finding.of(State.UNKNOWN, "caa", name, failure.reason()));
            }
            List<CaaRecord> issue = answer.recordsOrNone().stream()
                    .filter(record -> record.tag().equals("issue"))
                    .toList();
            if (!answer.recordsOrNone().isEmpty() && domains.isEmpty()) {
                return List.of(
                        Finding.of(
                                State.NOTE,
                                "caa",
                                name,
                                "whether they let the issuer of our certificate (" + issuer
                                        + ") issue the next one is not known: name the domain it goes by in dns.publish.caa-issuers"));
            }
            if (!answer.recordsOrNone().isEmpty()) {
                String whose = named.isEmpty() ? "whose certificate we use" : "named in dns.publish.caa-issuers";
                return domains.stream()
                        .map(domain -> permission(found, domain, whose, issue))
                        .toList();
            }
        }
        return List.of();
    }

    private static Finding permission(String name, String authority, String whose, List<CaaRecord> issue) {
        // RFC 8659 4.2: without the property anybody may; parameters follow a semicolon.
        boolean allowed = issue.isEmpty()
                || issue.stream()
                        .anyMatch(record ->
                                record.value().split(";", 2)[0].strip().equalsIgnoreCase(authority));
        return allowed
                ? Finding.of(State.FOUND, "caa", name, authority + ", " + whose + ", may issue")
                : new Finding(
                        State.WRONG,
                        "caa",
                        name,
                        authority + ", " + whose + ", may not issue the next one",
                        List.of(new ZoneRecord(name, Duration.ofHours(1), new RecordData.Caa(0, "issue", authority))
                                .zoneLine()));
    }

    private static String parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
