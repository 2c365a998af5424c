package org.posthorn.delivery.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.posthorn.client.smtp.SmtpHost;

/** Knows which servers are ourselves. Thread-safe. */
final class OwnHosts {
    private static final int STANDARD_PORT = 25;

    private final Predicate<InetAddress> isOfThisMachine;
    private final Set<String> names;
    private final Set<InetSocketAddress> sockets;

    OwnHosts(RemoteDeliveryConfig config, Predicate<InetAddress> isOfThisMachine) {
        this.isOfThisMachine = isOfThisMachine;
        this.names = java.util.stream.Stream.concat(
                        config.ownNames().stream(), java.util.stream.Stream.of(config.hostName()))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.sockets = config.ownSockets();
    }

    /** Whether an MX record that names this host means us (RFC 5321 5.1). */
    boolean isOwnName(String host) {
        return names.contains(host.toLowerCase(Locale.ROOT));
    }

    /** Whether connecting there would be connecting to our own listener. */
    boolean isOwnSocket(SmtpHost server) {
        for (InetSocketAddress socket : sockets) {
            if (socket.getPort() == server.port()
                    && (socket.getAddress().equals(server.address())
                            || (socket.getAddress().isAnyLocalAddress() && isOfThisMachine.test(server.address())))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a server that others' DNS names is this machine on the standard port: whoever listens there or not, mail for
     * strangers has no business on it. A laboratory that delivers to another port by MX is its own affair.
     */
    boolean isOwnHost(SmtpHost server) {
        return server.port() == STANDARD_PORT && isOfThisMachine.test(server.address());
    }

    static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list this machine's addresses", e);
        }
    }
}
