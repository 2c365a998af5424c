package org.posthorn.zone.publish;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.posthorn.client.dnsprovider.DnsProviderException;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.Purpose;

/**
 * The records of a domain and who publishes them.
 *
 * @param addresses of our host, whose names may be set too
 * @param stale whether what was published before may be removed, where it is not among the records
 */
public record DomainPublication(
        Publisher publisher,
        DomainRecords records,
        List<InetAddress> addresses,
        PublicationMemory memory,
        Predicate<ZoneRecord> stale) {
    public DomainPublication {
        addresses = List.copyOf(addresses);
    }

    /** What publishing would do; changes nothing. */
    public PublishPlan plan(Set<Purpose> replace) throws DnsProviderException {
        return publisher.plan(
                records,
                addresses,
                replace,
                PublicationMemory.records(memory.published(), Duration.ZERO).stream()
                        .filter(stale)
                        .toList());
    }

    /** Carries a plan out and remembers it; refused as a whole when the zone is no longer as it was for the plan. */
    public void carryOut(PublishPlan plan) throws DnsProviderException {
        publisher.carryOut(plan);
        List<ZoneRecord> added = new ArrayList<>();
        List<ZoneRecord> removed = new ArrayList<>(plan.stale());
        for (PlannedChange change : plan.changes()) {
            removed.addAll(change.removed());
            if (change.adds()) {
                added.add(change.wanted().record());
            }
        }
        memory.changed(added, removed);
    }
}
