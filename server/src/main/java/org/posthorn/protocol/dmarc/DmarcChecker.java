package org.posthorn.protocol.dmarc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Mechanism;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Outcome;
import org.posthorn.protocol.dmarc.DmarcVerdict.Result;

/** Judges messages by DMARC (RFC 9989 5.3). Thread-safe; blocks for look-ups. */
public final class DmarcChecker {
    /** Authenticated domains that are compared with the author's, in the order given. */
    static final int MAX_IDENTIFIERS = 20;

    private final Resolver resolver;
    private final Discovery discovery;

    private DmarcChecker(Resolver resolver, Discovery discovery) {
        this.resolver = resolver;
        this.discovery = discovery;
    }

    /** Finds organizational domains by the tree walk of RFC 9989. */
    public DmarcChecker(Resolver resolver) {
        this(resolver, new TreeWalk());
    }

    /** Finds organizational domains by the public suffix list, as RFC 7489 did. */
    public static DmarcChecker withList(Resolver resolver, PublicSuffixList list) {
        return new DmarcChecker(resolver, new ListedDomains(list));
    }

    /** The organizational domain of a domain; empty while a look-up fails. */
    public Optional<String> organizationalDomain(Domain domain) {
        Discovery.Walk walk = discovery.from(domain.name(), new Records(resolver));
        return walk.failure().isPresent() ? Optional.empty() : Optional.of(walk.organizationalDomain());
    }

    /**
     * Judges a message.
     *
     * @param identifiers what SPF and DKIM said, of whatever outcome
     */
    public DmarcVerdict check(AuthorDomain author, List<AuthenticatedDomain> identifiers) {
        return switch (author) {
            case AuthorDomain.One(Domain domain) -> new Check(domain.name(), identifiers).verdict();
            // RFC 9989 5.3.1: exempt from checking.
            case AuthorDomain.Several several ->
                DmarcVerdict.without(Result.NONE, Optional.empty(), "authors of several domains: " + several.domains());
            case AuthorDomain.Unusable(AuthorDomain.Fault fault) ->
                DmarcVerdict.without(Result.NONE, Optional.empty(), fault.text());
        };
    }

    /** One message. */
    private final class Check {
        private final String author;
        private final List<AuthenticatedDomain> identifiers;
        private final Records records = new Records(resolver);
        private final List<String> reasons = new ArrayList<>();
        private final List<AuthenticatedDomain> aligned = new ArrayList<>();
        private Optional<String> organizational = Optional.empty();

        Check(String author, List<AuthenticatedDomain> identifiers) {
            this.author = author;
            this.identifiers = identifiers.stream().limit(MAX_IDENTIFIERS).toList();
        }

        DmarcVerdict verdict() {
            Optional<Discovery.Placed> policy;
            if (records.at(author) instanceof Records.At.Found(DmarcRecord own)) {
                policy = Optional.of(new Discovery.Placed(author, own));
            } else {
                Discovery.Walk walk = discovery.from(author, records);
                if (walk.failure().isPresent()) {
                    return DmarcVerdict.without(
                            Result.TEMPERROR,
                            Optional.of(author),
                            walk.failure().get());
                }
                organizational = Optional.of(walk.organizationalDomain());
                policy = walk.policy();
            }
            return policy.map(this::judge)
                    .orElseGet(() -> DmarcVerdict.without(Result.NONE, Optional.of(author), "no DMARC record"));
        }

        private DmarcVerdict judge(Discovery.Placed placed) {
            DmarcRecord record = placed.record();
            if (!record.usable()) {
                reasons.add("the DMARC record of " + placed.domain() + " has no valid policy");
                return verdict(Result.PERMERROR, placed, Policy.NONE);
            }
            Policy policy = placed.domain().equals(author)
                    ? record.policy()
                    // np differs seldom from sp; only then it matters whether the domain exists.
                    : record.policyForSubdomain(record.policyForSubdomain(true) == record.policyForSubdomain(false)
                            || records.exists(author));
            return verdict(result(record), placed, policy);
        }

        private Result result(DmarcRecord record) {
            boolean unsure = false;
            for (AuthenticatedDomain identifier : identifiers) {
                if (identifier.outcome() == Outcome.OTHER) {
                    continue;
                }
                Alignment mode = identifier.mechanism() == Mechanism.SPF ? record.spf() : record.dkim();
                switch (compare(identifier.domain(), mode)) {
                    case ALIGNED -> {
                        if (identifier.outcome() == Outcome.PASS) {
                            aligned.add(identifier);
                        } else {
                            unsure = true;
                            reasons.add(identifier.mechanism() + " of " + identifier.domain() + " gave temperror");
                        }
                    }
                    case UNALIGNED ->
                        reasons.add(identifier.mechanism() + " of " + identifier.domain() + " is not aligned ("
                                + (mode == Alignment.STRICT ? "strict)" : "relaxed)"));
                    case UNKNOWN -> unsure = true;
                }
            }
            if (!aligned.isEmpty()) {
                return Result.PASS;
            }
            // RFC 9989 5.3.2: with a temporary error there is no permanent failure.
            return unsure ? Result.TEMPERROR : Result.FAIL;
        }

        private enum Comparison {
            ALIGNED,
            UNALIGNED,
            UNKNOWN
        }

        private Comparison compare(String domain, Alignment mode) {
            if (domain.equals(author)) {
                return Comparison.ALIGNED;
            }
            // An organizational domain is the end of both names.
            if (mode == Alignment.STRICT || !lastLabel(domain).equals(lastLabel(author))) {
                return Comparison.UNALIGNED;
            }
            if (organizational.isEmpty()) {
                organizational = organizationalOf(author);
            }
            // What lies elsewhere needs no look-up, and none that fails can leave it open.
            if (organizational.isPresent()
                    && !domain.endsWith("." + organizational.get())
                    && !domain.equals(organizational.get())) {
                return Comparison.UNALIGNED;
            }
            Optional<String> other = organizational.isEmpty() ? Optional.empty() : organizationalOf(domain);
            if (other.isEmpty()) {
                return Comparison.UNKNOWN;
            }
            return other.equals(organizational) ? Comparison.ALIGNED : Comparison.UNALIGNED;
        }

        private Optional<String> organizationalOf(String domain) {
            Discovery.Walk walk = discovery.from(domain, records);
            walk.failure().ifPresent(reasons::add);
            return walk.failure().isPresent() ? Optional.empty() : Optional.of(walk.organizationalDomain());
        }

        private DmarcVerdict verdict(Result result, Discovery.Placed placed, Policy policy) {
            Policy wanted = placed.record().testing() ? policy.oneLevelBelow() : policy;
            return new DmarcVerdict(
                    result,
                    Optional.of(author),
                    policy,
                    result == Result.FAIL ? wanted : Policy.NONE,
                    Optional.of(placed.record()),
                    Optional.of(placed.domain()),
                    organizational,
                    aligned,
                    reasons);
        }
    }

    private static String lastLabel(String domain) {
        return domain.substring(domain.lastIndexOf('.') + 1);
    }
}
