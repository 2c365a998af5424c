package org.posthorn.zone;

import java.net.InetAddress;
import java.security.PublicKey;
import java.util.List;
import org.posthorn.mail.Domain;

/**
 * What the records of a domain are made from, apart from its owner's wishes ({@link ZoneConfig}).
 *
 * @param host the server's name, which MX records point to
 * @param addresses of the host, as the world reaches it; empty when they are not known
 * @param keys of all selectors that sign or are about to
 * @param certified public keys of the host's certificates: the present one, and the next if it is known
 * @param services that clients may use, on the ports they listen on
 */
public record DomainFacts(
        Domain domain,
        Domain host,
        List<InetAddress> addresses,
        List<DkimText> keys,
        List<PublicKey> certified,
        List<ClientService> services) {
    public DomainFacts {
        addresses = List.copyOf(addresses);
        keys = List.copyOf(keys);
        certified = List.copyOf(certified);
        services = List.copyOf(services);
    }

    /** The same, but reached by these. */
    public DomainFacts withAddresses(List<InetAddress> others) {
        return new DomainFacts(domain, host, others, keys, certified, services);
    }

    /**
     * A public key for signatures.
     *
     * @param text of the TXT record (RFC 6376 3.6.1)
     */
    public record DkimText(String selector, String text) {}

    /**
     * A service for mail clients (RFC 6186, RFC 8314).
     *
     * @param name of the service without underscore, such as {@code imaps}
     * @param port 0 when it is not offered
     * @param rank which service a client should prefer: the lower
     */
    public record ClientService(String name, int port, int rank) {}
}
