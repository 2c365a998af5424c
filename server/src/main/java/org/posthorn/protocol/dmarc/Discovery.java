package org.posthorn.protocol.dmarc;

import java.util.List;
import java.util.Optional;

/** A way to find the records that speak for a domain, and its organizational domain. */
interface Discovery {
    Walk from(String domain, Records records);

    /** A record and where it is. */
    record Placed(String domain, DmarcRecord record) {}

    /**
     * What was found for a domain.
     *
     * @param found from the longest name to the shortest
     * @param failure why this may be wrong: a look-up failed
     */
    record Walk(String start, List<Placed> found, String organizationalDomain, Optional<String> failure) {
        public Walk {
            found = List.copyOf(found);
        }

        /** RFC 9989 4.10.1: the domain's own record, that of its organizational domain, that of the public suffix. */
        Optional<Placed> policy() {
            return at(start)
                    .or(() -> at(organizationalDomain))
                    .or(() -> found.stream()
                            .filter(placed -> placed.record().psd() == DmarcRecord.PublicSuffix.YES)
                            .findFirst());
        }

        private Optional<Placed> at(String domain) {
            return found.stream()
                    .filter(placed -> placed.domain().equals(domain))
                    .findFirst();
        }
    }
}
