package org.posthorn.protocol.arc;

import org.posthorn.mail.HeaderField;

/**
 * What one sealer has added (RFC 8617 4.2).
 *
 * @param instance from 1, the oldest
 * @param sealer {@code d=} of the seal, in A-labels
 * @param selector {@code s=} of the seal
 * @param status {@code cv=}: what the sealer found of the chain below
 * @param results the ARC-Authentication-Results field as it came
 * @param signature the ARC-Message-Signature field as it came
 * @param seal the ARC-Seal field as it came
 */
public record ArcSet(
        int instance,
        String sealer,
        String selector,
        ArcResult status,
        HeaderField results,
        HeaderField signature,
        HeaderField seal) {
    /** What the sealer had found of the message: as in an Authentication-Results field, behind its colon. */
    public String authenticationResults() {
        String value = results.value();
        return value.substring(ResultsInstance.of(value).end());
    }
}
