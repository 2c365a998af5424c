package org.posthorn.zone.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.dns.MxRecord;
import org.posthorn.dns.Resolver;
import org.posthorn.zone.StsPolicy;
import org.posthorn.zone.Zones;

/** The MTA-STS policy that is served, against the one that should be and the MX records of the domain (RFC 8461 3.2, 4.1). */
final class PolicyCheck {
    private static final String TOPIC = "mta-sts";

    private final Resolver resolver;
    private final CheckConfig config;

    PolicyCheck(Resolver resolver, CheckConfig config) {
        this.resolver = resolver;
        this.config = config;
    }

    List<Finding> check(String domain, StsPolicy wanted) {
        String host = "mta-sts." + domain;
        return switch (PolicyFetch.fetch(domain, Zones.addresses(resolver, host), config)) {
            case PolicyFetch.Outcome.Unreachable(String reason) ->
                List.of(Finding.of(State.UNKNOWN, TOPIC, host, "policy: " + reason));
            case PolicyFetch.Outcome.Refused(String reason) ->
                List.of(new Finding(State.WRONG, TOPIC, host, "policy: " + reason, fix(wanted)));
            case PolicyFetch.Outcome.Policy(String text) -> compare(domain, text, wanted);
        };
    }

    private static List<String> fix(StsPolicy wanted) {
        List<String> lines = new ArrayList<>(List.of("; serve at /.well-known/mta-sts.txt:"));
        wanted.text().lines().forEach(line -> lines.add("; " + line));
        return lines;
    }

    List<Finding> compare(String domain, String text, StsPolicy wanted) {
        String host = "mta-sts." + domain;
        List<Finding> findings = new ArrayList<>();
        if (!values(text, "version").equals(List.of("STSv1"))) {
            return List.of(new Finding(State.WRONG, TOPIC, host, "what is served is no policy", fix(wanted)));
        }
        String mode = values(text, "mode").stream().findFirst().orElse("missing");
        if (!mode.equals(wanted.mode().name().toLowerCase(Locale.ROOT))) {
            findings.add(new Finding(State.WRONG, TOPIC, host, "policy: the mode is " + mode, fix(wanted)));
        }
        List<String> patterns = values(text, "mx");
        for (MxRecord record : resolver.mx(domain).recordsOrNone()) {
            if (patterns.stream().noneMatch(pattern -> matches(pattern, record.exchange()))) {
                findings.add(new Finding(
                        State.WRONG,
                        TOPIC,
                        host,
                        "policy: no mx line for " + record.exchange() + ", so that mail to it is refused",
                        fix(wanted)));
            }
        }
        if (findings.isEmpty()) {
            findings.add(Finding.of(
                    State.FOUND, TOPIC, host, "policy: mode " + mode + ", mx " + String.join(", ", patterns)));
        }
        return findings;
    }

    /** RFC 8461 3.2: lines of key and value; keys other than mx count once, the first. */
    private static List<String> values(String text, String key) {
        return text.lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
                .map(pair -> pair[1].strip())
                .toList();
    }

    /** RFC 8461 4.1: a star stands for the leftmost label, whole. */
    static boolean matches(String pattern, String host) {
        String wanted = pattern.toLowerCase(Locale.ROOT);
        if (!wanted.startsWith("*.")) {
            return wanted.equals(host);
        }
        Optional<Integer> dot = Optional.of(host.indexOf('.')).filter(at -> at > 0);
        return dot.isPresent() && host.substring(dot.get()).equals(wanted.substring(1));
    }
}
