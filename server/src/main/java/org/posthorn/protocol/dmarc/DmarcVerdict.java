package org.posthorn.protocol.dmarc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Mechanism;

/**
 * What DMARC says about a message.
 *
 * @param author the domain that was judged; empty where the From field has none
 * @param policy what the owner has published for mail of this domain that fails; NONE where there is no record
 * @param disposition what is to be done with this message by that policy: NONE unless it failed, one level below the policy while the
 *     owner tests
 * @param record empty where none was found
 * @param recordDomain where it was found: the author's domain, its organizational domain or a public suffix
 * @param organizationalDomain of the author; empty where nobody had to find out
 * @param aligned authenticated domains that pass and are aligned, in the order given
 * @param reasons what led here, in words
 */
public record DmarcVerdict(
        Result result,
        Optional<String> author,
        Policy policy,
        Policy disposition,
        Optional<DmarcRecord> record,
        Optional<String> recordDomain,
        Optional<String> organizationalDomain,
        List<AuthenticatedDomain> aligned,
        List<String> reasons) {

    /** RFC 9989 10.2. */
    public enum Result {
        /** No record, or no author to judge. */
        NONE,
        PASS,
        FAIL,
        TEMPERROR,
        /** A record that nobody can make sense of. */
        PERMERROR;

        /** As in Authentication-Results: lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DmarcVerdict {
        aligned = List.copyOf(aligned);
        reasons = List.copyOf(reasons);
    }

    /** A verdict without a record. */
    static DmarcVerdict without(Result result, Optional<String> author, String reason) {
        return new DmarcVerdict(
                result,
                author,
                Policy.NONE,
                Policy.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(reason));
    }

    /** Whether the mechanism gave an aligned domain that passes. */
    public boolean passes(Mechanism mechanism) {
        return aligned.stream().anyMatch(domain -> domain.mechanism() == mechanism);
    }

    /** Whether the owner tests the policy. */
    public boolean testing() {
        return record.map(DmarcRecord::testing).orElse(false);
    }

    /** Where the owner wants aggregate reports sent. */
    public List<ReportAddress> aggregateReports() {
        return record.map(DmarcRecord::aggregateReports).orElse(List.of());
    }
}
