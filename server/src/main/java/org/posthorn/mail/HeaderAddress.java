package org.posthorn.mail;

import java.util.List;
import java.util.Optional;

/** An entry of an address list in a header (RFC 5322 3.4): a mailbox or a group of them. */
public sealed interface HeaderAddress {
    /** How many entries of one list are read, those within groups included. */
    int MAX_ENTRIES = 10_000;

    /**
     * Reads an address list from an unfolded value. Lenient: obsolete forms, raw UTF-8 and missing parts are taken as they are,
     * stray text is passed over. Never fails; a list without anything like an address is empty.
     */
    static List<HeaderAddress> parseList(String value) {
        return new AddressListParser(value).parse();
    }

    /** The mailboxes of a list, those within groups too. */
    static List<Mailbox> mailboxes(List<HeaderAddress> list) {
        return list.stream()
                .<Mailbox>mapMulti((entry, out) -> {
                    switch (entry) {
                        case Mailbox mailbox -> out.accept(mailbox);
                        case Group group -> group.members().forEach(out);
                    }
                })
                .toList();
    }

    /**
     * One mailbox.
     *
     * @param name as it stands there, without quotes but with encoded words; the comment after it where there is no other
     * @param route the obsolete source route with its at signs and without the colon (RFC 5322 4.4)
     * @param localPart without quotes
     * @param domain in the case given; empty where it is missing
     */
    record Mailbox(Optional<String> name, Optional<String> route, String localPart, String domain)
            implements HeaderAddress {
        /** The name with its encoded words decoded; empty where there is none. */
        public String displayName() {
            return name.map(EncodedWords::decode).orElse("");
        }

        /** The address, if an envelope could carry it. */
        public Optional<Address> address() {
            try {
                return Optional.of(new Address(localPart, Domain.parse(domain)));
            } catch (MalformedAddressException notForEnvelopes) {
                return Optional.empty();
            }
        }
    }

    /**
     * A named group.
     *
     * @param name as it stands there, without quotes but with encoded words
     */
    record Group(String name, List<Mailbox> members) implements HeaderAddress {
        public Group {
            members = List.copyOf(members);
        }

        /** The name with its encoded words decoded. */
        public String displayName() {
            return EncodedWords.decode(name);
        }
    }
}
