package org.posthorn.intake.authentication;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcVerdict;

/** Recognises what mailing lists do to messages (RFC 7960 3.2.3, 4.1.3), so that the log can say so. */
final class ListDamage {
    /** Where lists put the author whom they take out of From. */
    private static final List<String> AUTHOR_FIELDS = List.of("X-Original-From", "Reply-To", "Cc");

    /** Addresses of such a field that are looked at. */
    private static final int MAX_AUTHORS = 20;

    private ListDamage() {}

    /** What happened, in words; empty where no list had a hand in it, or nothing came of it. */
    static Optional<String> describe(
            List<HeaderField> header, List<DkimVerdict> dkim, AuthorDomain author, DmarcVerdict dmarc) {
        if (header.stream().noneMatch(HeaderField::isOfList)) {
            return Optional.empty();
        }
        if (author instanceof AuthorDomain.One(var shown)) {
            Optional<DkimVerdict> replaced = replaced(header, dkim, shown.name());
            if (replaced.isPresent()) {
                return Optional.of("a mailing list put its own address into From in place of one of "
                        + replaced.get().domain() + ", whose signature does not verify any more");
            }
        }
        return dmarc.result() == DmarcVerdict.Result.FAIL
                ? Optional.of(failed(dkim, dmarc.author().orElse("")))
                : Optional.empty();
    }

    private static String failed(List<DkimVerdict> dkim, String author) {
        return dkim.stream()
                .filter(verdict -> verdict.result() == DkimResult.FAIL && isOf(verdict.domain(), author))
                .findFirst()
                .map(verdict -> "a mailing list changed the message, so that the signature of " + author
                        + " does not verify any more (" + verdict.reason()
                        + "); the list should keep it whole, seal with ARC or rewrite From")
                .orElseGet(() -> "a mailing list sent this on, and " + author
                        + " has not signed it; SPF speaks for the list only");
    }

    /** The broken signature of an author whom the message names elsewhere, while From is of another domain. */
    private static Optional<DkimVerdict> replaced(List<HeaderField> header, List<DkimVerdict> dkim, String shown) {
        List<String> authors = header.stream()
                .filter(field -> AUTHOR_FIELDS.stream().anyMatch(field::is))
                .flatMap(field -> HeaderAddress.mailboxes(HeaderAddress.parseList(field.unfolded())).stream())
                .limit(MAX_AUTHORS)
                .flatMap(mailbox -> mailbox.address().stream())
                .map(Address::domain)
                .map(domain -> domain.name())
                .filter(domain -> !isOf(domain, shown))
                .toList();
        return dkim.stream()
                .filter(verdict -> verdict.result() == DkimResult.FAIL
                        && authors.stream().anyMatch(author -> isOf(verdict.domain(), author)))
                .findFirst();
    }

    private static boolean isOf(String signer, String author) {
        return signer.equals(author) || author.endsWith("." + signer) || signer.endsWith("." + author);
    }
}
