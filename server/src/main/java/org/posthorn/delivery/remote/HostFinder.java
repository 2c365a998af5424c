package org.posthorn.delivery.remote;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.posthorn.client.smtp.SmtpHost;
import org.posthorn.delivery.remote.RemoteDeliveryConfig.Families;
import org.posthorn.dns.Answer;
import org.posthorn.dns.MxRecord;
import org.posthorn.dns.Resolver;
import org.posthorn.protocol.smtp.EnhancedStatus;

/** Finds the servers of a destination, in the order to try them (RFC 5321 5.1). Thread-safe. */
final class HostFinder {
    /** MX records looked at; the best ones of a longer list. */
    private static final int MAX_EXCHANGES = 50;

    private static final EnhancedStatus NO_SUCH_DOMAIN = new EnhancedStatus(5, 1, 2);
    private static final EnhancedStatus TAKES_NO_MAIL = new EnhancedStatus(5, 1, 10);
    private static final EnhancedStatus UNROUTABLE = new EnhancedStatus(5, 4, 4);
    private static final EnhancedStatus LOOP = new EnhancedStatus(5, 4, 6);
    private static final EnhancedStatus MISCONFIGURED = new EnhancedStatus(4, 3, 5);
    private static final EnhancedStatus LOOK_UP_FAILED = new EnhancedStatus(4, 4, 3);

    private final Resolver resolver;
    private final RandomGenerator random;
    private final RemoteDeliveryConfig config;
    private final OwnHosts own;

    HostFinder(Resolver resolver, RandomGenerator random, RemoteDeliveryConfig config) {
        this(resolver, random, config, OwnHosts::isOfThisMachine);
    }

    /** @param isOfThisMachine whether an address is one of our own interfaces' */
    HostFinder(
            Resolver resolver,
            RandomGenerator random,
            RemoteDeliveryConfig config,
            Predicate<InetAddress> isOfThisMachine) {
        this.resolver = resolver;
        this.random = random;
        this.config = config;
        this.own = new OwnHosts(config, isOfThisMachine);
    }

    /** Where a route of ours leads nowhere, that is the configuration's fault or DNS's, and no reason to return mail. */
    Hosts find(String destination) {
        boolean configured = config.nextHops().contains(destination);
        Hosts hosts = look(destination, configured);
        return configured
                        && hosts instanceof Hosts.Nowhere nowhere
                        && nowhere.status().isPermanentFailure()
                ? new Hosts.Nowhere(
                        MISCONFIGURED,
                        "next hop " + destination + " of delivery.routes leads nowhere: " + nowhere.text()
                                + "; mend delivery.routes or its DNS, then `posthorn reload` and `posthorn queue flush`")
                : hosts;
    }

    private Hosts look(String destination, boolean configured) {
        Optional<NextHop> hop = NextHop.parse(destination, config.port());
        if (hop.isEmpty()) {
            return new Hosts.Nowhere(NO_SUCH_DOMAIN, "not a domain or next hop: " + destination);
        }
        return switch (hop.get()) {
            case NextHop.MailDomain domain -> byMx(domain.name(), configured);
            case NextHop.Host host -> byName(host.name(), host.port());
            case NextHop.Literal literal -> {
                String name = literal.address().getHostAddress();
                SmtpHost server = new SmtpHost(name, literal.address(), literal.port());
                // A sender may write any address into a recipient's domain (RFC 5321 4.1.3), a route only its owner.
                yield !configured && destination.endsWith("]") && own.isOwnHost(server)
                        ? loop(destination)
                        : checked(destination, List.of(server));
            }
        };
    }

    private Hosts byMx(String domain, boolean configured) {
        return switch (resolver.mx(domain)) {
            case Answer.Found<MxRecord> found -> byExchanges(domain, found.records(), configured);
            // RFC 5321 5.1: without MX records, and only then, the domain itself is the host, with preference 0.
            case Answer.NoData<MxRecord> _ ->
                configured ? byName(domain, config.port()) : elsewhere(domain, byName(domain, config.port()));
            case Answer.NoSuchName<MxRecord> _ ->
                new Hosts.Nowhere(NO_SUCH_DOMAIN, "Domain " + domain + " does not exist");
            case Answer.Failure<MxRecord> failure ->
                new Hosts.Nowhere(LOOK_UP_FAILED, "MX look-up of " + domain + " failed: " + failure.reason());
        };
    }

    private Hosts byExchanges(String domain, List<MxRecord> records, boolean configured) {
        List<MxRecord> exchanges = new ArrayList<>(records);
        exchanges.removeIf(record -> record.exchange().isEmpty());
        if (exchanges.isEmpty()) {
            // RFC 7505 3: no mail, and no fall-back to addresses.
            return new Hosts.Nowhere(TAKES_NO_MAIL, "Domain " + domain + " does not accept mail (null MX)");
        }
        shuffle(exchanges);
        exchanges.sort(Comparator.comparingInt(MxRecord::preference));
        List<SmtpHost> servers = new ArrayList<>();
        Optional<String> failed = Optional.empty();
        int ours = Integer.MAX_VALUE;
        for (MxRecord exchange : exchanges.subList(0, Math.min(MAX_EXCHANGES, exchanges.size()))) {
            if (exchange.preference() >= ours) {
                break;
            }
            Addresses addresses = addresses(exchange.exchange(), config.port());
            failed = failed.or(addresses::failure);
            if (own.isOwnName(exchange.exchange())
                    || addresses.servers().stream()
                            .anyMatch(server -> own.isOwnSocket(server) || (!configured && own.isOwnHost(server)))) {
                // RFC 5321 5.1: we are one of the hosts, so only better ones than us are left.
                ours = exchange.preference();
                servers.removeIf(server -> isOfPreference(server, exchanges, exchange.preference()));
                continue;
            }
            servers.addAll(addresses.servers());
            if (servers.size() >= 4 * config.maxAddresses()) {
                break;
            }
        }
        if (!servers.isEmpty()) {
            return new Hosts.Found(servers);
        }
        if (ours != Integer.MAX_VALUE) {
            return loop(domain);
        }
        return failed.map(reason -> new Hosts.Nowhere(LOOK_UP_FAILED, reason))
                .orElseGet(
                        () -> new Hosts.Nowhere(UNROUTABLE, "None of the mail hosts of " + domain + " has an address"));
    }

    /** Most generators are not made for several threads. */
    private void shuffle(List<?> list) {
        synchronized (random) {
            Collections.shuffle(list, random);
        }
    }

    private static boolean isOfPreference(SmtpHost server, List<MxRecord> exchanges, int preference) {
        return exchanges.stream()
                .anyMatch(record ->
                        record.preference() == preference && record.exchange().equals(server.host()));
    }

    private static Hosts loop(String destination) {
        return new Hosts.Nowhere(LOOP, "Mail for " + destination + " loops back to myself");
    }

    private Hosts byName(String host, int port) {
        Addresses addresses = addresses(host, port);
        if (!addresses.servers().isEmpty()) {
            return checked(host, addresses.servers());
        }
        return addresses
                .failure()
                .<Hosts>map(reason -> new Hosts.Nowhere(LOOK_UP_FAILED, reason))
                .orElseGet(() -> addresses.exists()
                        ? new Hosts.Nowhere(UNROUTABLE, "Domain " + host + " has neither a mail host nor an address")
                        : new Hosts.Nowhere(NO_SUCH_DOMAIN, "Domain " + host + " does not exist"));
    }

    private Hosts elsewhere(String domain, Hosts hosts) {
        return hosts instanceof Hosts.Found(List<SmtpHost> servers)
                        && servers.stream().anyMatch(own::isOwnHost)
                ? loop(domain)
                : hosts;
    }

    private Hosts checked(String destination, List<SmtpHost> servers) {
        return servers.stream().anyMatch(own::isOwnSocket) ? loop(destination) : new Hosts.Found(servers);
    }

    /** A host's addresses, why a look-up of them failed, and whether the host's name exists. */
    private record Addresses(List<SmtpHost> servers, Optional<String> failure, boolean exists) {}

    private Addresses addresses(String host, int port) {
        Answer<Inet6Address> six =
                config.families() == Families.IPV4_ONLY ? new Answer.NoData<>() : resolver.ipv6(host);
        Answer<Inet4Address> four =
                config.families() == Families.IPV6_ONLY ? new Answer.NoData<>() : resolver.ipv4(host);
        Optional<String> failure = Optional.empty();
        if (six instanceof Answer.Failure<Inet6Address> failed) {
            failure = Optional.of("Address look-up of " + host + " failed: " + failed.reason());
        }
        if (four instanceof Answer.Failure<Inet4Address> failed) {
            failure = Optional.of("Address look-up of " + host + " failed: " + failed.reason());
        }
        boolean exists = !(six instanceof Answer.NoSuchName) && !(four instanceof Answer.NoSuchName);
        return new Addresses(alternating(host, port, six.recordsOrNone(), four.recordsOrNone()), failure, exists);
    }

    /** RFC 5321 5.1: several addresses of one host are tried in any order; ours gives neither family all the first tries. */
    private List<SmtpHost> alternating(String host, int port, List<Inet6Address> six, List<Inet4Address> four) {
        List<InetAddress> sixes = new ArrayList<>(six);
        List<InetAddress> fours = new ArrayList<>(four);
        shuffle(sixes);
        shuffle(fours);
        List<SmtpHost> servers = new ArrayList<>();
        for (int i = 0; i < Math.max(sixes.size(), fours.size()); i++) {
            for (List<InetAddress> family : List.of(sixes, fours)) {
                if (i < family.size()) {
                    servers.add(new SmtpHost(host, family.get(i), port));
                }
            }
        }
        return servers;
    }
}
