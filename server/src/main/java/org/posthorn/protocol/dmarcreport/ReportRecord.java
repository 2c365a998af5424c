package org.posthorn.protocol.dmarcreport;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Messages that a receiver saw come from one address and judged alike (RFC 9990 3.1.1.7).
 *
 * @param count how many
 * @param disposition what was done with them; NONE where the report leaves it out
 * @param dkimAligned whether a DKIM signature passed whose domain is that of the author
 * @param spfAligned whether SPF passed for a domain that is that of the author
 * @param headerFrom the author's domain (RFC5322.From)
 * @param envelopeFrom empty where the report has none; "" for the null reverse-path
 * @param dkim of each signature, whomever it is from; at most 100 (RFC 9990 3.1.3)
 */
public record ReportRecord(
        InetAddress source,
        long count,
        DispositionType disposition,
        boolean dkimAligned,
        boolean spfAligned,
        List<OverrideReason> reasons,
        String headerFrom,
        Optional<String> envelopeFrom,
        Optional<String> envelopeTo,
        List<DkimAuth> dkim,
        List<SpfAuth> spf) {
    public ReportRecord {
        reasons = List.copyOf(reasons);
        dkim = List.copyOf(dkim);
        spf = List.copyOf(spf);
    }

    /**
     * One signature.
     *
     * @param selector "" where an old report leaves it out
     * @param explanation "" for none
     */
    public record DkimAuth(String domain, String selector, AuthOutcome outcome, String explanation) {}

    /**
     * One SPF check.
     *
     * @param ofHelo the HELO name was checked, not the envelope sender's domain (RFC 7489 only)
     * @param explanation "" for none
     */
    public record SpfAuth(String domain, boolean ofHelo, AuthOutcome outcome, String explanation) {}

    /** Whether DMARC passed. */
    public boolean passes() {
        return dkimAligned || spfAligned;
    }
}
