package org.posthorn.protocol.dmarc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.MailboxList;
import org.posthorn.mail.WrittenAddresses;

/** The domain of a message's author, by its From field (RFC 9989 5.3.1). */
public sealed interface AuthorDomain {
    /** Authors that are looked at. */
    int MAX_AUTHORS = 100;

    /** Octets of a From field that is looked at. */
    int MAX_FIELD = 64 << 10;

    /** All authors are of this domain. */
    record One(Domain domain) implements AuthorDomain {}

    /** A well-formed From field with authors of several domains, for which DMARC must not be applied. */
    record Several(List<Domain> domains) implements AuthorDomain {
        public Several {
            domains = List.copyOf(domains);
        }
    }

    /** No author that DMARC could be applied to. */
    record Unusable(Fault fault) implements AuthorDomain {}

    /** What is wrong with the From field; RFC 9989 leaves such mail to local policy (4.4, 11.5). */
    enum Fault {
        ABSENT("no From field"),
        REPEATED("more than one From field"),
        MALFORMED("no usable address in the From field"),
        TOO_MANY("too many authors in the From field");

        private final String text;

        Fault(String text) {
            this.text = text;
        }

        /** In words. */
        public String text() {
            return text;
        }
    }

    /** Looks for the From field of a header. */
    static AuthorDomain of(List<HeaderField> header) {
        List<HeaderField> from =
                header.stream().filter(field -> field.is("From")).toList();
        return switch (from.size()) {
            case 0 -> new Unusable(Fault.ABSENT);
            case 1 -> of(from.getFirst().unfolded());
            // RFC 9989 4.4: a repeated field gives no reliable author. Readers disagree on which one they show.
            default -> new Unusable(Fault.REPEATED);
        };
    }

    /** Reads the unfolded value of a From field, ISO 8859-1. */
    static AuthorDomain of(String value) {
        if (value.length() > MAX_FIELD) {
            return new Unusable(Fault.TOO_MANY);
        }
        String unicode = new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        // Where only one address can be meant, it is judged however it is written.
        if (!MailboxList.isWellFormed(unicode) && WrittenAddresses.isAmbiguous(unicode)) {
            return new Unusable(Fault.MALFORMED);
        }
        List<HeaderAddress.Mailbox> authors = HeaderAddress.mailboxes(HeaderAddress.parseList(unicode));
        if (authors.size() > MAX_AUTHORS) {
            return new Unusable(Fault.TOO_MANY);
        }
        Set<Domain> domains = new LinkedHashSet<>();
        for (HeaderAddress.Mailbox author : authors) {
            Optional<Address> address = author.address();
            // What has an at sign may be shown as an author; what has none is a stray word.
            if (address.isPresent()) {
                domains.add(address.get().domain());
            } else if (!author.domain().isEmpty()) {
                return new Unusable(Fault.MALFORMED);
            }
        }
        if (domains.isEmpty()) {
            // Readers make something of anything, and so should who judges.
            WrittenAddresses.in(unicode, MAX_AUTHORS).forEach(address -> domains.add(address.domain()));
        }
        domains.removeIf(Domain::isAddressLiteral);
        return switch (domains.size()) {
            case 0 -> new Unusable(Fault.MALFORMED);
            case 1 -> new One(domains.iterator().next());
            default -> new Several(new ArrayList<>(domains));
        };
    }
}
