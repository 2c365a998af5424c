package org.posthorn.queue.spool;

import java.util.HashMap;
import java.util.Map;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** Domains that were read from records: a queue of thousands of messages has few. Not thread-safe. */
final class SharedDomains {
    private static final int MAX_SHARED = 10_000;

    private final Map<String, Domain> domains = new HashMap<>();

    Address address(String localPart, String domain) {
        if (localPart.isEmpty() || domain.isEmpty()) {
            throw new SpoolFormatException("not an address");
        }
        if (domains.size() > MAX_SHARED) {
            domains.clear();
        }
        return new Address(localPart, domains.computeIfAbsent(domain, Domain::new));
    }
}
