package org.posthorn.protocol.spf;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.MxRecord;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Network;

/** One check: the function check_host() of RFC 7208 4 and what it has cost so far. */
final class SpfEvaluation {
    /** Characters of an explanation; it has to fit into an SMTP reply. */
    static final int MAX_EXPLANATION = 1000;

    private static final String POSTMASTER = "postmaster";
    private static final String UNKNOWN = "unknown";

    /** What a policy says; the explanation is not looked up yet. */
    private record Outcome(
            SpfResult result,
            Optional<SpfVerdict.Match> match,
            Optional<MacroString> explanation,
            String domain,
            Optional<String> reason) {
        static Outcome none(String domain, String reason) {
            return new Outcome(SpfResult.NONE, Optional.empty(), Optional.empty(), domain, Optional.of(reason));
        }
    }

    private final SpfQuery query;
    private final LookUps lookUps;
    private final MacroValues values;
    private final String domain;

    SpfEvaluation(Resolver resolver, String receivingHost, SpfQuery query, Instant now) {
        this.query = query;
        this.lookUps = new LookUps(resolver, query.client());
        String helo = DomainName.ascii(query.helo());
        String sender = query.mailFrom().orElse("@" + helo);
        int at = sender.lastIndexOf('@');
        this.domain = DomainName.ascii(sender.substring(at + 1));
        // RFC 7208 4.3: a sender without local part is the postmaster.
        String localPart = at <= 0 ? POSTMASTER : sender.substring(0, at);
        this.values = new MacroValues(query.client(), localPart, domain, helo, receivingHost, now, this::validatedName);
    }

    SpfVerdict verdict() {
        try {
            Outcome outcome = checkHost(domain);
            return verdict(outcome.result, outcome.match, explanation(outcome), outcome.reason);
        } catch (SpfFault fault) {
            return verdict(fault.result(), Optional.empty(), Optional.empty(), Optional.of(fault.reason()));
        }
    }

    private SpfVerdict verdict(
            SpfResult result, Optional<SpfVerdict.Match> match, Optional<String> explanation, Optional<String> reason) {
        SpfIdentity identity = query.identity();
        String checked = identity == SpfIdentity.HELO ? domain : values.localPart() + "@" + domain;
        return new SpfVerdict(
                result,
                identity,
                checked,
                domain,
                match,
                explanation,
                reason,
                lookUps.terms(),
                lookUps.voids(),
                lookUps.questions());
    }

    /** Recursive, but never deeper than there may be terms that ask the DNS. */
    private Outcome checkHost(String current) {
        if (!DomainName.canHavePolicy(current)) {
            return Outcome.none(current, "\"" + current + "\" is not a domain that could have an SPF record");
        }
        Optional<String> text = lookUps.policy(current);
        if (text.isEmpty()) {
            return Outcome.none(current, current + " has no SPF record");
        }
        SpfRecord policy = read(text.get(), current);
        for (Directive directive : policy.directives()) {
            if (matches(directive, current)) {
                return new Outcome(
                        directive.qualifier().result(),
                        Optional.of(new SpfVerdict.Match(current, directive.text())),
                        policy.explanation().map(Modifier.Explanation::domain),
                        current,
                        Optional.empty());
            }
        }
        // RFC 7208 4.7: nothing matched.
        return policy.redirect()
                .map(redirect -> redirected(redirect, current))
                .orElseGet(() -> new Outcome(
                        SpfResult.NEUTRAL,
                        Optional.empty(),
                        Optional.empty(),
                        current,
                        Optional.of("nothing in the SPF record of " + current + " matches")));
    }

    private static SpfRecord read(String text, String current) {
        try {
            return SpfRecord.parse(text);
        } catch (MalformedSpfException e) {
            throw SpfFault.permanent("the SPF record of " + current + " is wrong: " + e.getMessage());
        }
    }

    /** RFC 7208 6.1: the explanation is the target's too. */
    private Outcome redirected(Modifier.Redirect redirect, String current) {
        String term = "redirect=" + redirect.domain().text();
        lookUps.countTerm(term);
        return required(values.domain(redirect.domain(), current), term, current);
    }

    /** RFC 7208 5.2, 6.1: who refers to a policy must refer to one that is there. */
    private Outcome required(String target, String term, String current) {
        Outcome outcome = checkHost(target);
        if (outcome.result == SpfResult.NONE) {
            throw SpfFault.permanent(
                    term + " in the SPF record of " + current + ": " + outcome.reason.orElse("there is none"));
        }
        return outcome;
    }

    private boolean matches(Directive directive, String current) {
        if (directive.mechanism().asks()) {
            lookUps.countTerm(directive.text());
        }
        return switch (directive.mechanism()) {
            case Mechanism.All _ -> true;
            case Mechanism.Include include ->
                required(values.domain(include.domain(), current), directive.text(), current).result == SpfResult.PASS;
            case Mechanism.A a -> hasClient(target(a.domain(), current), a.prefixes());
            case Mechanism.Mx mx -> exchangesHaveClient(target(mx.domain(), current), mx.prefixes());
            case Mechanism.Ptr ptr -> {
                String target = target(ptr.domain(), current);
                yield lookUps.validatedNames().stream().anyMatch(name -> DomainName.isWithin(name, target));
            }
            case Mechanism.Ip4(Network network) -> network.contains(query.client());
            case Mechanism.Ip6(Network network) -> network.contains(query.client());
            case Mechanism.Exists exists -> lookUps.exists(values.domain(exists.domain(), current));
        };
    }

    private String target(Optional<MacroString> spec, String current) {
        return spec.map(domain -> values.domain(domain, current)).orElse(current);
    }

    private boolean hasClient(String host, Mechanism.Prefixes prefixes) {
        List<? extends InetAddress> addresses = lookUps.addresses(host);
        return addresses.stream().anyMatch(address -> prefixes.around(address).contains(query.client()));
    }

    private boolean exchangesHaveClient(String target, Mechanism.Prefixes prefixes) {
        List<MxRecord> exchanges = lookUps.exchanges(target);
        for (MxRecord mx : exchanges.subList(0, Math.min(LookUps.MAX_HOSTS, exchanges.size()))) {
            if (hasClient(mx.exchange(), prefixes)) {
                return true;
            }
        }
        // RFC 7208 4.6.4: more than 10 are an error, once those were of no use.
        if (exchanges.size() > LookUps.MAX_HOSTS) {
            throw SpfFault.permanent("mx: " + target + " has more than " + LookUps.MAX_HOSTS + " MX records");
        }
        return false;
    }

    /** RFC 7208 7.2: the domain's own name first, then one below it, then any. */
    private String validatedName(String current) {
        List<String> names = lookUps.validatedNames();
        return names.stream()
                .filter(name -> name.equalsIgnoreCase(current))
                .findFirst()
                .or(() -> names.stream()
                        .filter(name -> DomainName.isWithin(name, current))
                        .findFirst())
                .or(() -> names.stream().findFirst())
                .orElse(UNKNOWN);
    }

    /** RFC 7208 6.2: whatever is wrong with it, it is left out and changes nothing. */
    private Optional<String> explanation(Outcome outcome) {
        if (outcome.result != SpfResult.FAIL) {
            return Optional.empty();
        }
        return outcome.explanation
                .map(spec -> values.domain(spec, outcome.domain))
                .flatMap(lookUps::explanation)
                .flatMap(SpfEvaluation::readExplanation)
                .flatMap(text -> values.expand(text, outcome.domain, MAX_EXPLANATION))
                .filter(text -> text.chars().allMatch(c -> c >= ' ' && c < 0x7f));
    }

    private static Optional<MacroString> readExplanation(String text) {
        try {
            return text.length() > MAX_EXPLANATION ? Optional.empty() : Optional.of(MacroString.parse(text, true));
        } catch (MalformedSpfException e) {
            return Optional.empty();
        }
    }
}
