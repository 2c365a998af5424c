package org.posthorn.protocol.arc;

import java.util.List;

/**
 * What is to be said of a chain.
 *
 * @param reason why it fails, for people; "" for one that passes
 * @param sets from the oldest; none unless the fields are well-formed and complete
 * @param highest the greatest instance in any field, whether the chain is whole or not; 0 without a chain
 * @param oldestPass the oldest instance since which the message is unchanged, 1 if it never was changed; 0 when unknown
 *     (RFC 8617 5.2 step 5)
 * @param closed whether the newest seal says already that the chain fails: nothing is added to such a chain any more
 */
public record ArcVerdict(
        ArcResult result, String reason, List<ArcSet> sets, int highest, int oldestPass, boolean closed) {
    public ArcVerdict {
        sets = List.copyOf(sets);
    }

    static ArcVerdict none() {
        return new ArcVerdict(ArcResult.NONE, "no chain", List.of(), 0, 0, false);
    }

    static ArcVerdict fail(String reason, List<ArcSet> sets, int highest, boolean closed) {
        return new ArcVerdict(ArcResult.FAIL, reason, sets, highest, 0, closed);
    }

    public boolean passed() {
        return result == ArcResult.PASS;
    }

    /** Who sealed it, from the oldest. */
    public List<String> sealers() {
        return sets.stream().map(ArcSet::sealer).toList();
    }
}
