package org.posthorn.protocol.dmarc;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A DMARC policy record (RFC 9989 4.7).
 *
 * @param policy p; NONE where it is missing or not valid
 * @param subdomains sp
 * @param nonexistent np, for subdomains that do not exist
 * @param failureOptions fo; "0" unless there is a ruf tag
 * @param psd psd; whether the domain is a public suffix
 * @param testing t=y, or pct=0 of RFC 7489 6.3, which t has taken the place of (RFC 9989 A.7)
 * @param percentage pct of RFC 7489, for reports; it is not applied
 * @param usable false where the policy is missing or not valid and no reports are asked for: such a record asks for nothing (4.10.1)
 */
public record DmarcRecord(
        Policy policy,
        Optional<Policy> subdomains,
        Optional<Policy> nonexistent,
        Alignment dkim,
        Alignment spf,
        Set<FailureOption> failureOptions,
        List<ReportAddress> aggregateReports,
        List<ReportAddress> failureReports,
        PublicSuffix psd,
        boolean testing,
        OptionalInt percentage,
        boolean usable) {

    /** When a failure report is asked for (RFC 9989 4.7, fo). */
    public enum FailureOption {
        ALL_FAIL("0"),
        ANY_FAILS("1"),
        DKIM("d"),
        SPF("s");

        private final String text;

        FailureOption(String text) {
            this.text = text;
        }

        /** As in the record. */
        public String text() {
            return text;
        }
    }

    /** Whether a domain is a public suffix, below which others register (psd). */
    public enum PublicSuffix {
        YES,
        NO,
        UNSAID
    }

    public DmarcRecord {
        failureOptions = Set.copyOf(failureOptions);
        aggregateReports = List.copyOf(aggregateReports);
        failureReports = List.copyOf(failureReports);
    }

    /** Reads the text of a TXT record; empty for one that is no DMARC record of this version, which is to be passed over (4.7, v). */
    public static Optional<DmarcRecord> parse(String text) {
        return DmarcTags.read(text).map(DmarcTags::record);
    }

    /** What is wanted for a subdomain that has no record itself. */
    Policy policyForSubdomain(boolean exists) {
        Policy existing = subdomains.orElse(policy);
        return exists ? existing : nonexistent.orElse(existing);
    }
}
