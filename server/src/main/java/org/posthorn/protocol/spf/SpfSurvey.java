package org.posthorn.protocol.spf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;

/**
 * What the policy of a domain costs who evaluates it to the end (RFC 7208 4.6.4), for its owner.
 *
 * @param record the domain's own; empty when there is none
 * @param lookUps terms that ask the DNS, in this record and those it refers to; more than {@link #LIMIT} is permerror everywhere
 * @param terms each of these, after the domain in whose record it stands
 * @param faults what is wrong, in words
 */
public record SpfSurvey(Optional<String> record, int lookUps, List<String> terms, List<String> faults) {
    public static final int LIMIT = LookUps.MAX_TERMS;

    /** Where counting ends. */
    static final int MAX_COUNTED = 50;

    public SpfSurvey {
        terms = List.copyOf(terms);
        faults = List.copyOf(faults);
    }

    /** Reads the policy of a domain and all that it includes or redirects to. Targets with macros count, but are not looked into. */
    public static SpfSurvey of(Resolver resolver, String domain) {
        Walk walk = new Walk(resolver);
        Optional<String> own = walk.visit(domain.toLowerCase(Locale.ROOT));
        if (walk.terms.size() > LIMIT) {
            walk.faults.add("needs " + walk.terms.size() + (walk.terms.size() >= MAX_COUNTED ? " or more" : "")
                    + " look-ups, but only " + LIMIT + " are allowed");
        }
        return new SpfSurvey(own, walk.terms.size(), walk.terms, walk.faults);
    }

    private static final class Walk {
        private final Resolver resolver;
        private final Set<String> path = new HashSet<>();
        private final List<String> terms = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();

        Walk(Resolver resolver) {
            this.resolver = resolver;
        }

        Optional<String> visit(String domain) {
            Optional<String> text = policy(domain);
            if (text.isEmpty()) {
                return text;
            }
            if (!path.add(domain)) {
                faults.add(domain + " refers to itself");
                return text;
            }
            try {
                walk(domain, SpfRecord.parse(text.get()));
            } catch (MalformedSpfException e) {
                faults.add("the SPF record of " + domain + " is wrong: " + e.getMessage());
            }
            path.remove(domain);
            return text;
        }

        private void walk(String domain, SpfRecord policy) {
            for (Directive directive : policy.directives()) {
                if (directive.mechanism() instanceof Mechanism.All) {
                    return;
                }
                if (directive.mechanism().asks() && count(domain, directive.text())) {
                    if (directive.mechanism() instanceof Mechanism.Include(MacroString target)) {
                        follow(target);
                    }
                }
            }
            policy.redirect().ifPresent(redirect -> {
                if (count(domain, "redirect=" + redirect.domain().text())) {
                    follow(redirect.domain());
                }
            });
        }

        private boolean count(String domain, String term) {
            if (terms.size() >= MAX_COUNTED) {
                return false;
            }
            terms.add(domain + " " + term);
            return true;
        }

        private void follow(MacroString target) {
            if (target.isConstant()) {
                var _ = visit(DomainName.ascii(target.text()).toLowerCase(Locale.ROOT));
            }
        }

        private Optional<String> policy(String domain) {
            Answer<String> answer = resolver.txt(domain);
            if (answer instanceof Answer.Failure<String> failure) {
                faults.add("could not look up the SPF record of " + domain + ": " + failure.reason());
                return Optional.empty();
            }
            List<String> policies =
                    answer.recordsOrNone().stream().filter(SpfRecord::isOne).toList();
            if (policies.size() != 1) {
                faults.add(domain + (policies.isEmpty() ? " has no SPF record" : " has more than one SPF record"));
            }
            return policies.stream().findFirst();
        }
    }
}
