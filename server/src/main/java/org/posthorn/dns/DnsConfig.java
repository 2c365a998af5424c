package org.posthorn.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.posthorn.config.Section;

/**
 * How names are looked up.
 *
 * @param servers recursive servers, asked in this order; empty for those of {@code /etc/resolv.conf}, read anew when it changes
 * @param timeout the longest wait for one server's answer, TCP included
 * @param rounds how often each server is asked before the look-up fails
 * @param cacheEntries the most answers kept; 0 keeps none
 * @param cacheOctets the most memory for them, about
 * @param longestTtl answers are kept for their TTL, but no longer than this
 * @param longestNegativeTtl the same for "no such name" and "no data" (RFC 2308 5)
 * @param dnssec how it is decided whether an answer is secure
 * @param anchors what validation begins with in place of the root's keys that come with the program
 */
public record DnsConfig(
        List<InetSocketAddress> servers,
        Duration timeout,
        int rounds,
        int cacheEntries,
        long cacheOctets,
        Duration longestTtl,
        Duration longestNegativeTtl,
        Dnssec dnssec,
        Optional<TrustAnchors> anchors) {
    private static final int MAX_SERVERS = 8;

    public DnsConfig {
        servers = List.copyOf(servers);
        if (servers.size() > MAX_SERVERS) {
            throw new IllegalArgumentException("at most " + MAX_SERVERS + " DNS servers");
        }
        if (!timeout.isPositive() || rounds < 1 || rounds > 10 || cacheEntries < 0 || cacheOctets < 0) {
            throw new IllegalArgumentException("time limit, rounds and cache of look-ups must be positive");
        }
        if (longestTtl.isNegative() || longestNegativeTtl.isNegative()) {
            throw new IllegalArgumentException("a TTL cannot be negative");
        }
    }

    /**
     * Servers of {@code /etc/resolv.conf}, 5 seconds, 2 rounds, 10,000 answers or 16 MiB of them for up to an hour, negative
     * ones for 5 minutes, DNSSEC where the servers can do it.
     */
    public static DnsConfig standard() {
        return new DnsConfig(
                List.of(),
                Duration.ofSeconds(5),
                2,
                10_000,
                16L << 20,
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Dnssec.AUTO,
                Optional.empty());
    }

    /** The same, but asking these servers. */
    public DnsConfig withServers(List<InetSocketAddress> others) {
        return new DnsConfig(
                others, timeout, rounds, cacheEntries, cacheOctets, longestTtl, longestNegativeTtl, dnssec, anchors);
    }

    /** The same, but proving answers in this way, from these anchors where there are any. */
    public DnsConfig withDnssec(Dnssec other, Optional<TrustAnchors> others) {
        return new DnsConfig(
                servers, timeout, rounds, cacheEntries, cacheOctets, longestTtl, longestNegativeTtl, other, others);
    }

    /** Reads {@code [dns]}. */
    public static DnsConfig read(Section section) {
        DnsConfig standard = standard();
        return new DnsConfig(
                section.addresses("servers", standard.servers, 53),
                section.duration("timeout", standard.timeout, "100ms", "1m"),
                section.integer("rounds", standard.rounds, 1, 10),
                section.integer("cache-entries", standard.cacheEntries, 0, 10_000_000),
                section.size("cache-size", standard.cacheOctets, "0 B", "10 GiB"),
                section.duration("longest-ttl", standard.longestTtl, "0s", "7d"),
                section.duration("longest-negative-ttl", standard.longestNegativeTtl, "0s", "1d"),
                section.parsed("dnssec", DnsConfig::dnssec).orElse(standard.dnssec),
                trustAnchors(section));
    }

    private static Dnssec dnssec(String text) {
        return switch (text) {
            case "auto" -> Dnssec.AUTO;
            case "validate" -> Dnssec.VALIDATE;
            case "trust-ad" -> Dnssec.TRUST_AD;
            case "off" -> Dnssec.OFF;
            default -> throw new IllegalArgumentException("must be \"auto\", \"validate\", \"trust-ad\" or \"off\"");
        };
    }

    private static Optional<TrustAnchors> trustAnchors(Section section) {
        Optional<Path> file = section.file("trust-anchors");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TrustAnchors.of(file.get()));
        } catch (IOException e) {
            section.complain("trust-anchors", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
