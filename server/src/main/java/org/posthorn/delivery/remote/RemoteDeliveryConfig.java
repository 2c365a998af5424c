package org.posthorn.delivery.remote;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.client.smtp.Credentials;
import org.posthorn.client.smtp.SmtpTimeouts;
import org.posthorn.config.Section;

/**
 * How mail leaves.
 *
 * @param hostName who we say we are in EHLO
 * @param ownNames names by which MX records mean us, in lower case; the host name is one of them in any case
 * @param ownSockets where our own SMTP listener listens; a wildcard address stands for all of this machine's
 * @param port of servers found by MX
 * @param families address families used
 * @param source4 the address to connect from over IPv4
 * @param source6 the same over IPv6
 * @param maxAddresses the most addresses tried for one message
 * @param messagesPerConnection after so many messages a new connection is made
 * @param nextHops the next hops that routes name: where one leads nowhere, the configuration is at fault, not the mail
 * @param logins logins at next hops, by the next hop as routes name it ({@code relay.example.org:587})
 */
public record RemoteDeliveryConfig(
        String hostName,
        Set<String> ownNames,
        Set<InetSocketAddress> ownSockets,
        int port,
        Families families,
        Optional<Inet4Address> source4,
        Optional<Inet6Address> source6,
        int maxAddresses,
        int messagesPerConnection,
        Set<String> nextHops,
        Map<String, Credentials> logins,
        SmtpTimeouts timeouts) {
    /** Address families. */
    public enum Families {
        BOTH,
        IPV4_ONLY,
        IPV6_ONLY
    }

    public RemoteDeliveryConfig {
        ownNames = Set.copyOf(ownNames);
        ownSockets = Set.copyOf(ownSockets);
        nextHops = Set.copyOf(nextHops);
        logins = Map.copyOf(logins);
        if (hostName.isEmpty() || port < 1 || port > 65535 || maxAddresses < 1 || messagesPerConnection < 1) {
            throw new IllegalArgumentException("host name, port and limits of remote delivery must be given");
        }
    }

    /** Port 25, both families, at most 10 addresses, 1,000 messages over one connection, standard times. */
    public static RemoteDeliveryConfig standard(String hostName) {
        return new RemoteDeliveryConfig(
                hostName,
                Set.of(),
                Set.of(),
                25,
                Families.BOTH,
                Optional.empty(),
                Optional.empty(),
                10,
                1000,
                Set.of(),
                Map.of(),
                SmtpTimeouts.STANDARD);
    }

    /**
     * Reads {@code [delivery]}.
     *
     * @param nextHops those of the routes, which stand there too
     */
    public static RemoteDeliveryConfig read(
            Section section, String hostName, Set<InetSocketAddress> ownSockets, Set<String> nextHops) {
        RemoteDeliveryConfig standard = standard(hostName);
        return new RemoteDeliveryConfig(
                hostName,
                Set.copyOf(section.texts("own-names", List.of())),
                ownSockets,
                section.integer("port", standard.port, 1, 65535),
                section.parsed("families", RemoteDeliveryConfig::families).orElse(standard.families),
                section.parsed("source-ipv4", text -> (Inet4Address) InetAddress.ofLiteral(text)),
                section.parsed("source-ipv6", text -> (Inet6Address) InetAddress.ofLiteral(text)),
                section.integer("max-addresses", standard.maxAddresses, 1, 100),
                section.integer("messages-per-connection", standard.messagesPerConnection, 1, 100_000),
                nextHops,
                standard.logins,
                standard.timeouts);
    }

    private static Families families(String text) {
        return switch (text) {
            case "both" -> Families.BOTH;
            case "ipv4" -> Families.IPV4_ONLY;
            case "ipv6" -> Families.IPV6_ONLY;
            default -> throw new IllegalArgumentException("must be \"both\", \"ipv4\" or \"ipv6\"");
        };
    }

    public RemoteDeliveryConfig withPort(int other) {
        return new RemoteDeliveryConfig(
                hostName,
                ownNames,
                ownSockets,
                other,
                families,
                source4,
                source6,
                maxAddresses,
                messagesPerConnection,
                nextHops,
                logins,
                timeouts);
    }

    public RemoteDeliveryConfig withOwn(Set<String> names, Set<InetSocketAddress> sockets) {
        return new RemoteDeliveryConfig(
                hostName,
                names,
                sockets,
                port,
                families,
                source4,
                source6,
                maxAddresses,
                messagesPerConnection,
                nextHops,
                logins,
                timeouts);
    }

    public RemoteDeliveryConfig withNextHops(Set<String> others) {
        return new RemoteDeliveryConfig(
                hostName,
                ownNames,
                ownSockets,
                port,
                families,
                source4,
                source6,
                maxAddresses,
                messagesPerConnection,
                others,
                logins,
                timeouts);
    }

    public RemoteDeliveryConfig withTimeouts(SmtpTimeouts others) {
        return new RemoteDeliveryConfig(
                hostName,
                ownNames,
                ownSockets,
                port,
                families,
                source4,
                source6,
                maxAddresses,
                messagesPerConnection,
                nextHops,
                logins,
                others);
    }

    public RemoteDeliveryConfig withLogins(Map<String, Credentials> others) {
        return new RemoteDeliveryConfig(
                hostName,
                ownNames,
                ownSockets,
                port,
                families,
                source4,
                source6,
                maxAddresses,
                messagesPerConnection,
                nextHops,
                others,
                timeouts);
    }
}
