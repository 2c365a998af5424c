package org.posthorn.zone.check;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.protocol.spf.SpfChecker;
import org.posthorn.protocol.spf.SpfQuery;
import org.posthorn.protocol.spf.SpfSurvey;
import org.posthorn.protocol.spf.SpfVerdict;

/** What the SPF record of a domain works out to: how many look-ups it costs, and whether our own addresses pass (RFC 7208). */
final class SenderCheck {
    private static final String TOPIC = "spf";

    private final Resolver resolver;
    private final String host;
    private final Instant now;

    SenderCheck(Resolver resolver, String host, Instant now) {
        this.resolver = resolver;
        this.host = host;
        this.now = now;
    }

    /** @param line what to publish */
    List<Finding> check(String domain, List<InetAddress> addresses, String line) {
        SpfSurvey survey = SpfSurvey.of(resolver, domain);
        if (survey.record().isEmpty()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        survey.faults().forEach(fault -> findings.add(new Finding(State.WRONG, TOPIC, domain, fault, List.of(line))));
        if (survey.faults().isEmpty()) {
            findings.add(Finding.of(
                    State.FOUND, TOPIC, domain, survey.lookUps() + " of " + SpfSurvey.LIMIT + " look-ups allowed"));
        }
        for (InetAddress address : addresses) {
            findings.add(verdict(domain, address, line));
        }
        return findings;
    }

    private Finding verdict(String domain, InetAddress address, String line) {
        SpfVerdict verdict = new SpfChecker(resolver, host)
                .check(new SpfQuery(address, host, Optional.of("postmaster@" + domain)), now);
        String text = address.getHostAddress() + " gets " + verdict.result().word()
                + verdict.reason().map(reason -> ": " + reason).orElse("");
        return switch (verdict.result()) {
            case PASS -> Finding.of(State.FOUND, TOPIC, domain, text);
            case TEMPERROR -> Finding.of(State.UNKNOWN, TOPIC, domain, text);
            case NONE, NEUTRAL, FAIL, SOFTFAIL, PERMERROR ->
                new Finding(State.WRONG, TOPIC, domain, text, List.of(line));
        };
    }
}
