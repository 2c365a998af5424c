package org.posthorn.reporting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.AuthenticationObserver;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.Alignment;
import org.posthorn.protocol.dmarc.AuthenticatedDomain;
import org.posthorn.protocol.dmarc.DmarcRecord;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.protocol.dmarcreport.AuthOutcome;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.OverrideReason;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;
import org.posthorn.protocol.spf.SpfVerdict;

/** Says of judged messages what their policy domain may want to hear. Thread-safe. */
public final class DmarcObserver implements AuthenticationObserver {
    /** Signatures of one message that are told of. */
    private static final int MAX_SIGNATURES = 10;

    private static final int MAX_REASON = 100;

    private final Reporting reporting;
    private final PublishedPolicy.Discovery discovery;

    /** An observer for mail that is judged by the public suffix list, or else by the tree walk. */
    public DmarcObserver(Reporting reporting, boolean publicSuffixList) {
        this.reporting = reporting;
        this.discovery = publicSuffixList ? PublishedPolicy.Discovery.PSL : PublishedPolicy.Discovery.TREEWALK;
    }

    @Override
    public void judged(Authentication authentication, Disposition disposition, Envelope envelope, Instant when) {
        // a message that is deferred comes again, and counts then
        if (!(disposition instanceof Disposition.Defer)) {
            observed(authentication, disposition, envelope, when).ifPresent(mail -> reporting.observe(mail, envelope));
        }
    }

    /** Empty where nobody has published a policy for it. */
    private Optional<ObservedMail> observed(
            Authentication authentication, Disposition disposition, Envelope envelope, Instant when) {
        DmarcVerdict dmarc = authentication.dmarc();
        if (dmarc.record().isEmpty()
                || dmarc.recordDomain().isEmpty()
                || dmarc.author().isEmpty()) {
            return Optional.empty();
        }
        DmarcRecord record = dmarc.record().get();
        return Optional.of(new ObservedMail(
                when,
                policy(record, dmarc.recordDomain().get()),
                record.aggregateReports().stream()
                        .map(address -> address + address.size())
                        .toList(),
                new ReportRecord(
                        authentication.client(),
                        1,
                        disposition(dmarc, disposition),
                        dmarc.passes(AuthenticatedDomain.Mechanism.DKIM),
                        dmarc.passes(AuthenticatedDomain.Mechanism.SPF),
                        disposition.override().map(DmarcObserver::reason).stream()
                                .toList(),
                        dmarc.author().get(),
                        Optional.of(envelope.sender()
                                .map(address -> address.domain().name())
                                .orElse("")),
                        Optional.empty(),
                        signatures(authentication.dkim()),
                        authentication.spf().map(DmarcObserver::spf).stream().toList())));
    }

    private PublishedPolicy policy(DmarcRecord record, String domain) {
        return new PublishedPolicy(
                domain,
                record.dkim() == Alignment.STRICT,
                record.spf() == Alignment.STRICT,
                Optional.of(word(record.policy())),
                record.subdomains().map(DmarcObserver::word),
                record.nonexistent().map(DmarcObserver::word),
                record.testing(),
                Optional.of(discovery),
                Optional.of(record.failureOptions().stream()
                                .map(DmarcRecord.FailureOption::text)
                                .sorted()
                                .collect(Collectors.joining(":")))
                        .filter(text -> !text.isEmpty()));
    }

    private static DispositionType word(Policy policy) {
        return switch (policy) {
            case NONE -> DispositionType.NONE;
            case QUARANTINE -> DispositionType.QUARANTINE;
            case REJECT -> DispositionType.REJECT;
        };
    }

    private static DispositionType disposition(DmarcVerdict dmarc, Disposition disposition) {
        return switch (disposition) {
            case Disposition.Quarantine _ -> DispositionType.QUARANTINE;
            case Disposition.Reject _ -> DispositionType.REJECT;
            // RFC 9990 appendix A: "pass" is no action on mail that passes under an enforcing policy
            case Disposition.Accept _, Disposition.Defer _ ->
                dmarc.result() == DmarcVerdict.Result.PASS && dmarc.policy() != Policy.NONE
                        ? DispositionType.PASS
                        : DispositionType.NONE;
        };
    }

    private static OverrideReason reason(Disposition.PolicyOverride override) {
        return new OverrideReason(
                switch (override) {
                    case LOCAL_POLICY -> OverrideReason.Type.LOCAL_POLICY;
                    case TRUSTED_FORWARDER -> OverrideReason.Type.TRUSTED_FORWARDER;
                    case POLICY_TEST_MODE -> OverrideReason.Type.POLICY_TEST_MODE;
                },
                "");
    }

    /** Those that pass first; what cannot be read names nobody and is left out. */
    private static List<ReportRecord.DkimAuth> signatures(List<DkimVerdict> verdicts) {
        List<DkimVerdict> known = new ArrayList<>(
                verdicts.stream().filter(verdict -> !verdict.domain().isEmpty()).toList());
        known.sort(Comparator.comparing(DkimVerdict::passed).reversed());
        return known.stream()
                .limit(MAX_SIGNATURES)
                .map(verdict -> new ReportRecord.DkimAuth(
                        verdict.domain(),
                        verdict.selector(),
                        AuthOutcome.valueOf(verdict.result().name()),
                        verdict.passed() ? "" : cut(verdict.reason())))
                .toList();
    }

    /** Of MAIL FROM; for the null reverse-path RFC 7208 2.4 makes one of the HELO name. */
    private static ReportRecord.SpfAuth spf(SpfVerdict verdict) {
        return new ReportRecord.SpfAuth(
                verdict.domain(),
                false,
                AuthOutcome.valueOf(verdict.result().name()),
                verdict.reason().map(DmarcObserver::cut).orElse(""));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(MAX_REASON, text.length()));
    }
}
