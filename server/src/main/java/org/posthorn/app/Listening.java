package org.posthorn.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.config.Section;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.SocketAccess;
import org.posthorn.server.Port;

/**
 * Where the server listens, {@code [listen]}: for each port one address or a list; an empty list switches it off.
 *
 * @param addresses of every port, in the order of their protocols
 * @param limits how many connections each port may have; unless it has limits of its own 10,000 in all by default and 100 from one
 *     client address or /64 of IPv6; loopback is not counted
 * @param access who may connect to Unix sockets
 * @param maxRatePerClient new ones a minute from one client address or /64 of IPv6, on all ports together but those for MTAs,
 *     default 600; loopback is not counted
 * @param maxSessionsPerAccount logged in at a time, over IMAP, POP3 and submission, default 100
 * @param memoryForStrangers per cent of the heap that sessions before login may hold, all together, default 25
 * @param memoryForUsers per cent of the heap that sessions after login may hold, all together, default 25
 * @param writeTimeout how long a client may take to read what one write sends, default 5 minutes
 */
record Listening(
        Map<Port, List<ListenAddress>> addresses,
        Map<Port, Port.Limits> limits,
        SocketAccess access,
        int maxRatePerClient,
        int maxSessionsPerAccount,
        int memoryForStrangers,
        int memoryForUsers,
        Duration writeTimeout) {
    private static final Port.Limits USUAL = new Port.Limits(10_000, 100);
    private static final int MOST = 1_000_000;

    Listening {
        addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
        limits = Map.copyOf(limits);
    }

    /** Reads the section, with a key for each of these ports. */
    static Listening read(Section section, List<Port> ports) {
        Map<Port, List<ListenAddress>> addresses = new LinkedHashMap<>();
        Map<Port, Port.Limits> limits = new LinkedHashMap<>();
        Port.Limits usual = limits(section, "connections", USUAL);
        for (Port port : ports) {
            addresses.put(port, addresses(section, port));
            limits.put(
                    port,
                    port.forMtas()
                            .map(own -> limits(section, port.name() + "-connections", own))
                            .orElse(usual));
        }
        Listening listening = new Listening(
                addresses,
                limits,
                access(section),
                section.integer("max-connection-rate-per-client", 600, 1, MOST),
                section.integer("max-sessions-per-account", 100, 1, MOST),
                section.integer("memory-for-strangers", 25, 5, 50),
                section.integer("memory-for-users", 25, 5, 50),
                section.duration("write-timeout", "5m", "10s", "1h"));
        listening.complainOfCollisions(section);
        return listening;
    }

    private static Port.Limits limits(Section section, String what, Port.Limits standard) {
        return new Port.Limits(
                section.integer("max-" + what, standard.all(), 10, MOST),
                section.integer("max-" + what + "-per-client", standard.perClient(), 1, MOST));
    }

    private static List<ListenAddress> addresses(Section section, Port port) {
        if (port.forMtas().isPresent()) {
            return withUnixSockets(section, port);
        }
        List<InetSocketAddress> standard = switch (port.presence()) {
            case EVERY_ADDRESS -> List.of(new InetSocketAddress(port.number()));
            case LOOPBACK -> List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number()));
            case NOWHERE -> List.of();
        };
        return section.addresses(port.name(), standard, port.number()).stream()
                .<ListenAddress>map(ListenAddress.Tcp::new)
                .toList();
    }

    private static List<ListenAddress> withUnixSockets(Section section, Port port) {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String text : section.texts(port.name(), List.of())) {
            try {
                addresses.add(ListenAddress.parse(text, port.number()));
            } catch (IllegalArgumentException e) {
                section.complain(port.name(), String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(addresses);
    }

    private static SocketAccess access(Section section) {
        return new SocketAccess(
                section.parsed("socket-mode", SocketAccess::permissions).orElse(SocketAccess.STANDARD.permissions()),
                section.text("socket-group"));
    }

    /** Where a port listens. */
    List<ListenAddress> of(Port port) {
        return addresses.getOrDefault(port, List.of());
    }

    /** Where it listens but for Unix sockets. */
    List<InetSocketAddress> sockets(Port port) {
        List<InetSocketAddress> sockets = new ArrayList<>();
        for (ListenAddress address : of(port)) {
            if (address instanceof ListenAddress.Tcp(InetSocketAddress socket)) {
                sockets.add(socket);
            }
        }
        return List.copyOf(sockets);
    }

    /** How many connections a port may have. */
    Port.Limits limitsOf(Port port) {
        return limits.getOrDefault(port, USUAL);
    }

    private record Wish(String key, InetSocketAddress socket) {
        boolean collides(Wish other) {
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
        List<Wish> seen = new ArrayList<>();
        addresses.keySet().forEach(port -> sockets(port).forEach(socket -> seen.add(new Wish(port.name(), socket))));
        for (int later = 1; later < seen.size(); later++) {
            for (Wish earlier : seen.subList(0, later)) {
                if (seen.get(later).collides(earlier)) {
                    complain(section, earlier, seen.get(later));
                }
            }
        }
    }

    /** Under a key that the file has, so that there is a line to look at. */
    private static void complain(Section section, Wish earlier, Wish later) {
        boolean given = section.has(later.key());
        Wish told = given ? later : earlier;
        Wish other = given ? earlier : later;
        section.complain(
                told.key(),
                "port " + told.socket().getPort()
                        + (told.key().equals(other.key())
                                ? " is named twice"
                                : " is that of listen." + other.key() + " too: each service needs its own"));
    }
}
