package org.posthorn.flow.authentication;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.DmarcVerdict;

/** Recognises what mailing lists do to signatures (RFC 7960 3.2.3), so that the log can say so. */
final class ListDamage {
    private ListDamage() {}

    /** What happened, in words; empty where no list had a hand in it. */
    static Optional<String> describe(List<HeaderField> header, List<DkimVerdict> dkim, DmarcVerdict dmarc) {
        if (dmarc.result() != DmarcVerdict.Result.FAIL || !isFromList(header)) {
            return Optional.empty();
        }
        String author = dmarc.author().orElse("");
        boolean broken = dkim.stream()
                .anyMatch(verdict -> verdict.result() == DkimResult.FAIL && isOf(verdict.domain(), author));
        return Optional.of(
                broken
                        ? "a mailing list changed the message, so that the signature of " + author
                                + " does not verify any more; the list should keep it whole, seal with ARC or rewrite From"
                        : "a mailing list sent this on, and " + author
                                + " has not signed it; SPF speaks for the list only");
    }

    private static boolean isFromList(List<HeaderField> header) {
        return header.stream()
                .anyMatch(field -> field.is("List-Id") || field.is("List-Post") || field.is("Mailing-List"));
    }

    private static boolean isOf(String signer, String author) {
        return signer.equals(author) || author.endsWith("." + signer) || signer.endsWith("." + author);
    }
}
