package org.posthorn.client.dnsprovider;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;

/** Keeps zones for us. Blocking, with time limits; thread-safe. */
public interface DnsProvider {
    /** For people: {@code Cloudflare}, {@code the server 192.0.2.53:53}. */
    String name();

    /** The types of record that it keeps. */
    default Set<PublishedType> types() {
        return EnumSet.complementOf(EnumSet.of(PublishedType.PTR));
    }

    /**
     * The zone that holds a domain's records: the domain, or one above it.
     *
     * @throws DnsProviderException it keeps no such zone, or does not answer
     */
    String zoneOf(Domain domain) throws DnsProviderException;

    /** What these sets of records hold at present; for sets that do not exist, nothing. */
    List<ZoneRecord> read(String zone, Set<RecordSetName> sets) throws DnsProviderException;

    /**
     * Makes the changes, all or none of them where the protocol allows that; records in no set named here are not touched.
     *
     * @throws DnsProviderException of kind CHANGED when a set does not hold what its change was made for
     */
    void apply(String zone, List<SetChange> changes) throws DnsProviderException;

    /** Who sets the names of addresses, where this provider can. */
    default Optional<ReverseNames> reverseNames() {
        return Optional.empty();
    }

    /** The names that addresses resolve to. */
    interface ReverseNames {
        /** Whether this address's name is kept there at all. */
        default boolean keeps(InetAddress address) {
            return true;
        }

        /** The name at present; empty when there is none, or the address is not one that the provider gave us. */
        Optional<String> of(InetAddress address) throws DnsProviderException;

        /** Sets the name, in place of another. */
        void set(InetAddress address, String host) throws DnsProviderException;
    }
}
