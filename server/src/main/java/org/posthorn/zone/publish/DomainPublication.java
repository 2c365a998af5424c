package org.posthorn.zone.publish;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.posthorn.client.dnsprovider.DnsProviderException;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.Purpose;

/**
 * The records of a domain and who publishes them.
 *
 * @param addresses of our host, whose names may be set too
 */
public record DomainPublication(Publisher publisher, DomainRecords records, List<InetAddress> addresses) {
    public DomainPublication {
        addresses = List.copyOf(addresses);
    }

    /** What publishing would do; changes nothing. */
    public PublishPlan plan(Set<Purpose> replace) throws DnsProviderException {
        return publisher.plan(records, addresses, replace);
    }
}
