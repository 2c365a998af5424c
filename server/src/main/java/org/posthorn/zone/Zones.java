package org.posthorn.zone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.posthorn.dns.Answer;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;

/** Finds the zones that names lie in, and their servers, each once. For one check or publication; not thread-safe. */
public final class Zones {
    /** Addresses of name servers asked for one zone; the largest zones have 26. */
    public static final int MAX_SERVERS = 30;

    private final Resolver resolver;
    private final int port;
    private final Duration timeout;
    private final Map<String, Optional<Zone>> known = new HashMap<>();

    /**
     * A zone and who serves it.
     *
     * @param name of the apex
     * @param hosts its servers by the names in its NS records, each with all its addresses, as recursion sees them; a server
     *     without an address has none
     */
    public record Zone(String name, SortedMap<String, List<NameServer>> hosts) {
        /** Every address of every server. */
        public List<NameServer> servers() {
            return hosts.values().stream().flatMap(List::stream).toList();
        }
    }

    /**
     * @param resolver by which NS records and addresses are found
     * @param port of the zones' servers, 53 but in tests and closed networks
     * @param timeout for one question to one of them; it is asked twice
     */
    public Zones(Resolver resolver, int port, Duration timeout) {
        this.resolver = resolver;
        this.port = port;
        this.timeout = timeout;
    }

    /** The zone that the name lies in; empty when it could not be found, or a look-up on the way failed. */
    public Optional<Zone> holding(String name) {
        Optional<Zone> present = known.get(name);
        if (present == null) {
            present = look(name);
            known.put(name, present);
        }
        return present;
    }

    private Optional<Zone> look(String name) {
        Answer<String> alias = resolver.cname(name);
        // An alias leads into another zone, which is not the one that its own name lies in.
        Answer<String> servers =
                alias instanceof Answer.Found ? new Answer.NoData<>() : resolver.ask(RecordType.NS, name);
        if (servers instanceof Answer.Found<String> found) {
            return Optional.of(zone(name, new TreeSet<>(found.records())));
        }
        int dot = name.indexOf('.');
        return servers instanceof Answer.Failure || dot < 0 ? Optional.empty() : holding(name.substring(dot + 1));
    }

    private Zone zone(String apex, SortedSet<String> names) {
        SortedMap<String, List<NameServer>> hosts = new TreeMap<>();
        int asked = 0;
        for (String name : names) {
            if (asked == MAX_SERVERS) {
                break;
            }
            List<NameServer> servers = new ArrayList<>();
            for (InetAddress address : addresses(resolver, name)) {
                if (asked < MAX_SERVERS) {
                    asked++;
                    servers.add(NameServer.authoritative(name, new InetSocketAddress(address, port), timeout));
                }
            }
            hosts.put(name, servers);
        }
        return new Zone(apex, hosts);
    }

    /** Both families, IPv4 first. */
    public static List<InetAddress> addresses(Resolver resolver, String name) {
        List<InetAddress> addresses = new ArrayList<>(resolver.ipv4(name).recordsOrNone());
        addresses.addAll(resolver.ipv6(name).recordsOrNone());
        return addresses;
    }
}
