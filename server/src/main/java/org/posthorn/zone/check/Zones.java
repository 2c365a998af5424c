package org.posthorn.zone.check;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.dns.Answer;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;

/** Finds the zones that names lie in, and their servers, each once. For one check; not thread-safe. */
final class Zones {
    /** Addresses of name servers asked for one zone; the largest zones have 26. */
    static final int MAX_SERVERS = 30;

    private final Resolver resolver;
    private final CheckConfig config;
    private final Map<String, Optional<Zone>> known = new HashMap<>();

    /**
     * @param name of the apex
     * @param names of its servers, as recursion sees them
     * @param servers every address of theirs
     * @param failures servers without an address, with the reason
     */
    record Zone(String name, SortedSet<String> names, List<NameServer> servers, List<String> failures) {}

    Zones(Resolver resolver, CheckConfig config) {
        this.resolver = resolver;
        this.config = config;
    }

    /** The zone that the name lies in; empty when it could not be found, or a look-up on the way failed. */
    Optional<Zone> holding(String name) {
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
        List<NameServer> servers = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (String name : names) {
            List<InetAddress> addresses = addresses(resolver, name);
            if (addresses.isEmpty()) {
                failures.add(name + " has no address");
            }
            for (InetAddress address : addresses) {
                if (servers.size() < MAX_SERVERS) {
                    servers.add(NameServer.authoritative(
                            name, new InetSocketAddress(address, config.dnsPort()), config.timeout()));
                }
            }
        }
        return new Zone(apex, names, servers, failures);
    }

    /** Both families, IPv4 first. */
    static List<InetAddress> addresses(Resolver resolver, String name) {
        List<InetAddress> addresses = new ArrayList<>(resolver.ipv4(name).recordsOrNone());
        addresses.addAll(resolver.ipv6(name).recordsOrNone());
        return addresses;
    }
}
