package org.posthorn.intake.authentication;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.intake.authentication.Disposition.PolicyOverride;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.protocol.spf.SpfResult;

/** Decides what becomes of judged messages: the domain's policy, and the operator's rules over it. Thread-safe. */
public final class DispositionRules {
    private final AuthenticationConfig config;
    private final Predicate<Domain> ours;

    /** @param ours whether a domain is one of this server's */
    public DispositionRules(AuthenticationConfig config, Predicate<Domain> ours) {
        this.config = config;
        this.ours = ours;
    }

    /** Decides; the strictest of what DMARC, the From field and SPF call for. */
    public Disposition decide(Authentication message) {
        if (!config.enforce()) {
            return message.dmarc().disposition() == Policy.NONE
                    ? new Disposition.Accept(Optional.empty())
                    : new Disposition.Accept(Optional.of(PolicyOverride.LOCAL_POLICY));
        }
        Optional<Policy> spf = rejectedBySpf(message);
        if (spf.equals(Optional.of(Policy.REJECT))) {
            return new Disposition.Reject(
                    // RFC 7372 3.2.
                    SmtpReply.of(
                            550,
                            "5.7.23",
                            "SPF: " + message.client().getHostAddress() + " may not send mail of "
                                    + spfDomain(message)),
                    Optional.empty());
        }
        Disposition byDmarc = byDmarc(message);
        boolean quarantine = spf.equals(Optional.of(Policy.QUARANTINE));
        Disposition decided = quarantine && byDmarc instanceof Disposition.Accept
                ? new Disposition.Quarantine(byDmarc.override())
                : byDmarc;
        return ourAuthor(message).filter(author -> !isProven(message, author)).isPresent()
                ? stricter(decided)
                : decided;
    }

    /** The author's domain where it is ours and no rule or sealer speaks for the message. */
    private Optional<Domain> ourAuthor(Authentication message) {
        List<Domain> authors = switch (message.author()) {
            case AuthorDomain.One(Domain domain) -> List.of(domain);
            case AuthorDomain.Several(List<Domain> domains) -> domains;
            case AuthorDomain.Unusable _ -> List.of();
        };
        return authors.stream()
                .filter(ours)
                .filter(author -> AuthenticationConfig.ruleFor(config.overrides(), author.name())
                        .isEmpty())
                .filter(_ -> !isVouchedFor(message))
                .findFirst();
    }

    /** Whether SPF or DKIM passes for a domain of ours, or one below it; the owner of it need not have published a policy. */
    private boolean isProven(Authentication message, Domain author) {
        return message.dmarc().result() == DmarcVerdict.Result.PASS
                || message.spf()
                        .filter(verdict -> verdict.result() == SpfResult.PASS && isOf(verdict.domain(), author))
                        .isPresent()
                || message.dkim().stream().anyMatch(verdict -> verdict.passed() && isOf(verdict.domain(), author));
    }

    private static boolean isOf(String domain, Domain author) {
        return domain.equals(author.name()) || domain.endsWith("." + author.name());
    }

    private Disposition stricter(Disposition decided) {
        boolean refusing = config.ownDomains() == Policy.REJECT && decided instanceof Disposition.Quarantine;
        if (!(decided instanceof Disposition.Accept) && !refusing) {
            return decided;
        }
        Optional<Disposition.PolicyOverride> override = Optional.of(PolicyOverride.LOCAL_POLICY);
        return switch (config.ownDomains()) {
            case NONE -> decided;
            case QUARANTINE -> new Disposition.Quarantine(override);
            case REJECT ->
                new Disposition.Reject(
                        SmtpReply.of(550, "5.7.1", "Mail of our own domains needs SPF or DKIM, or a login"), override);
        };
    }

    private Optional<Policy> rejectedBySpf(Authentication message) {
        // RFC 9989 5.4: SPF by itself refuses nothing, since DKIM may still speak for the message.
        boolean fails = message.spf().filter(v -> v.result() == SpfResult.FAIL).isPresent();
        return fails ? AuthenticationConfig.ruleFor(config.spfFail(), spfDomain(message)) : Optional.empty();
    }

    private static String spfDomain(Authentication message) {
        return message.spf().map(verdict -> verdict.domain()).orElse("");
    }

    private Disposition byDmarc(Authentication message) {
        DmarcVerdict dmarc = message.dmarc();
        return switch (dmarc.result()) {
            case FAIL -> {
                Optional<Policy> rule = AuthenticationConfig.ruleFor(
                        config.overrides(), dmarc.author().orElse(""));
                Policy wanted = rule.orElse(dmarc.disposition());
                if (rule.isEmpty() && wanted != Policy.NONE && isVouchedFor(message)) {
                    yield new Disposition.Accept(Optional.of(PolicyOverride.TRUSTED_FORWARDER));
                }
                yield apply(wanted, dmarc, overrideOf(dmarc, wanted, rule.isPresent()));
            }
            case TEMPERROR -> undecided(dmarc);
            case NONE -> withoutAuthor(message);
            case PASS, PERMERROR -> new Disposition.Accept(Optional.empty());
        };
    }

    /** RFC 8617 7.2, RFC 9989 5.4. */
    private boolean isVouchedFor(Authentication message) {
        Optional<String> author = message.dmarc().author();
        return message.arc().isPresent()
                && author.isPresent()
                && TrustedSealers.vouch(config.trustedSealers(), message.arc().get(), author.get());
    }

    private static Optional<PolicyOverride> overrideOf(DmarcVerdict dmarc, Policy wanted, boolean rule) {
        if (rule && wanted != dmarc.disposition()) {
            return Optional.of(PolicyOverride.LOCAL_POLICY);
        }
        return wanted == dmarc.policy() ? Optional.empty() : Optional.of(PolicyOverride.POLICY_TEST_MODE);
    }

    private static Disposition apply(Policy wanted, DmarcVerdict dmarc, Optional<PolicyOverride> override) {
        return switch (wanted) {
            case NONE -> new Disposition.Accept(override);
            case QUARANTINE -> new Disposition.Quarantine(override);
            case REJECT ->
                new Disposition.Reject(
                        // RFC 7372 3.2: several checks failed. RFC 9989 7.3: the word DMARC is what others look for.
                        SmtpReply.of(
                                550,
                                "5.7.26",
                                "DMARC: message fails the checks of "
                                        + dmarc.author().orElse("")
                                        + ", whose policy is " + dmarc.policy().text()
                                        + " (record of " + dmarc.recordDomain().orElse("") + ")"),
                        override);
        };
    }

    /** RFC 9989 5.3.2: with a temporary error no policy can be applied, but the client may be asked to come again. */
    private Disposition undecided(DmarcVerdict dmarc) {
        boolean wouldReject =
                AuthenticationConfig.ruleFor(config.overrides(), dmarc.author().orElse(""))
                                .orElse(dmarc.testing() ? dmarc.policy().oneLevelBelow() : dmarc.policy())
                        == Policy.REJECT;
        return wouldReject && config.deferUnknown()
                ? new Disposition.Defer(
                        SmtpReply.of(
                                451,
                                "4.7.0",
                                "DMARC: cannot check mail of " + dmarc.author().orElse("")
                                        + " at present, try again later"),
                        Optional.empty())
                : new Disposition.Accept(Optional.empty());
    }

    /**
     * RFC 9989 11.5: a From field that readers disagree about is a way around DMARC. So is one that is missing (RFC 5322 3.6 wants it):
     * readers show Sender or Reply-To in its place, or what they like. So are authors of several domains, whom DMARC exempts, unless each
     * of the domains is shown to stand behind the message.
     */
    private Disposition withoutAuthor(Authentication message) {
        boolean suspicious = switch (message.author()) {
            case AuthorDomain.Unusable _ -> true;
            case AuthorDomain.One _ -> false;
            case AuthorDomain.Several(List<Domain> domains) ->
                !domains.stream().allMatch(domain -> isProven(message, domain) || isAlwaysAccepted(domain));
        };
        if (!suspicious) {
            return new Disposition.Accept(Optional.empty());
        }
        return switch (config.malformedFrom()) {
            case NONE -> new Disposition.Accept(Optional.empty());
            case QUARANTINE -> new Disposition.Quarantine(Optional.empty());
            case REJECT ->
                new Disposition.Reject(
                        SmtpReply.of(
                                550, "5.6.0", "Message must have one From field with usable addresses of one domain"),
                        Optional.empty());
        };
    }

    private boolean isAlwaysAccepted(Domain author) {
        return AuthenticationConfig.ruleFor(config.overrides(), author.name()).equals(Optional.of(Policy.NONE));
    }
}
