package org.posthorn.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.config.Section;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.SocketAccess;

/**
 * Where the server listens, {@code [listen]}: for each service one address or a list; an empty list switches it off.
 *
 * @param access who may connect to Unix sockets
 * @param maxConnections on each port, default 10,000
 * @param maxPerClient of them from one client address or /64 of IPv6, default 100; loopback is not counted
 * @param maxMilter connections at each address of the milter, default 1,000: an MTA opens one for each of its SMTP sessions
 * @param maxMilterPerClient of them from one MTA, default 500; loopback is not counted
 * @param maxRatePerClient new ones a minute from one client address or /64 of IPv6, on all ports together but the milter's,
 *     default 600; loopback is not counted
 * @param maxSessionsPerAccount logged in at a time, over IMAP, POP3 and submission, default 100
 * @param memoryForStrangers per cent of the heap that sessions before login may hold, all together, default 25
 * @param memoryForUsers per cent of the heap that sessions after login may hold, all together, default 25
 * @param writeTimeout how long a client may take to read what one write sends, default 5 minutes
 */
record Listening(
        List<InetSocketAddress> smtp,
        List<InetSocketAddress> submission,
        List<InetSocketAddress> submissions,
        List<InetSocketAddress> imap,
        List<InetSocketAddress> imaps,
        List<InetSocketAddress> pop3,
        List<InetSocketAddress> pop3s,
        List<ListenAddress> milter,
        SocketAccess access,
        Optional<InetSocketAddress> http,
        int maxConnections,
        int maxPerClient,
        int maxMilter,
        int maxMilterPerClient,
        int maxRatePerClient,
        int maxSessionsPerAccount,
        int memoryForStrangers,
        int memoryForUsers,
        Duration writeTimeout) {
    private static final int HTTP_PORT = 8080;
    /** Where OpenDKIM listens on TCP, by Debian's examples. */
    private static final int MILTER_PORT = 8891;

    /**
     * Defaults: all services on their standard ports on every address, but no milter; health and metrics on
     * 127.0.0.1:8080.
     */
    static Listening read(Section section) {
        Listening listening = unchecked(section);
        listening.complainOfCollisions(section);
        return listening;
    }

    private static Listening unchecked(Section section) {
        return new Listening(
                ports(section, "smtp", 25),
                ports(section, "submission", 587),
                ports(section, "submissions", 465),
                ports(section, "imap", 143),
                ports(section, "imaps", 993),
                ports(section, "pop3", 110),
                ports(section, "pop3s", 995),
                // Whoever reaches it can have anything signed, so nobody does unless asked to.
                milter(section),
                access(section),
                section
                        .addresses(
                                "http",
                                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), HTTP_PORT)),
                                HTTP_PORT)
                        .stream()
                        .findFirst(),
                section.integer("max-connections", 10_000, 10, 1_000_000),
                section.integer("max-connections-per-client", 100, 1, 1_000_000),
                section.integer("max-milter-connections", 1000, 10, 1_000_000),
                section.integer("max-milter-connections-per-client", 500, 1, 1_000_000),
                section.integer("max-connection-rate-per-client", 600, 1, 1_000_000),
                section.integer("max-sessions-per-account", 100, 1, 1_000_000),
                section.integer("memory-for-strangers", 25, 5, 50),
                section.integer("memory-for-users", 25, 5, 50),
                section.duration("write-timeout", "5m", "10s", "1h"));
    }

    private record Port(String key, InetSocketAddress socket) {
        boolean collides(Port other) {
            return collide(socket, other.socket);
        }
    }

    /** Whether only one of both can be listened on. Every address of the machine is IPv4 and IPv6 alike. */
    static boolean collide(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() != 0
                && one.getPort() == other.getPort()
                && (isWildcard(one) || isWildcard(other) || one.equals(other));
    }

    private static boolean isWildcard(InetSocketAddress socket) {
        return socket.getAddress() != null && socket.getAddress().isAnyLocalAddress();
    }

    private void complainOfCollisions(Section section) {
        List<Port> seen = new ArrayList<>();
        for (Service service : Service.values()) {
            for (ListenAddress address : service.addresses(this)) {
                if (address instanceof ListenAddress.Tcp(InetSocketAddress socket)) {
                    seen.add(new Port(service.key(), socket));
                }
            }
        }
        http.ifPresent(socket -> seen.add(new Port("http", socket)));
        for (int later = 1; later < seen.size(); later++) {
            for (Port earlier : seen.subList(0, later)) {
                if (seen.get(later).collides(earlier)) {
                    complain(section, earlier, seen.get(later));
                }
            }
        }
    }

    /** Under a key that the file has, so that there is a line to look at. */
    private static void complain(Section section, Port earlier, Port later) {
        boolean given = section.has(later.key());
        Port told = given ? later : earlier;
        Port other = given ? earlier : later;
        section.complain(
                told.key(),
                "port " + told.socket().getPort()
                        + (told.key().equals(other.key())
                                ? " is named twice"
                                : " is that of listen." + other.key() + " too: each service needs its own"));
    }

    private static List<ListenAddress> milter(Section section) {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String text : section.texts("milter", List.of())) {
            try {
                addresses.add(ListenAddress.parse(text, MILTER_PORT));
            } catch (IllegalArgumentException e) {
                section.complain("milter", String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(addresses);
    }

    private static SocketAccess access(Section section) {
        return new SocketAccess(
                section.parsed("socket-mode", SocketAccess::permissions).orElse(SocketAccess.STANDARD.permissions()),
                section.text("socket-group"));
    }

    private static List<InetSocketAddress> ports(Section section, String key, int standard) {
        return section.addresses(key, List.of(new InetSocketAddress(standard)), standard);
    }
}
