package org.posthorn.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How names are looked up.
 *
 * @param servers recursive servers, asked in this order; empty for those of {@code /etc/resolv.conf}, read anew when it changes
 * @param timeout the longest wait for one server's answer, TCP included
 * @param rounds how often each server is asked before the look-up fails
 * @param cacheEntries the most answers kept; 0 keeps none
 * @param longestTtl answers are kept for their TTL, but no longer than this
 * @param longestNegativeTtl the same for "no such name" and "no data" (RFC 2308 5)
 */
public record DnsConfig(
        List<InetSocketAddress> servers,
        Duration timeout,
        int rounds,
        int cacheEntries,
        Duration longestTtl,
        Duration longestNegativeTtl) {
    private static final int MAX_SERVERS = 8;

    public DnsConfig {
        servers = List.copyOf(servers);
        if (servers.size() > MAX_SERVERS) {
            throw new IllegalArgumentException("at most " + MAX_SERVERS + " DNS servers");
        }
        if (!timeout.isPositive() || rounds < 1 || rounds > 10 || cacheEntries < 0) {
            throw new IllegalArgumentException("time limit and rounds of look-ups must be positive");
        }
        if (longestTtl.isNegative() || longestNegativeTtl.isNegative()) {
            throw new IllegalArgumentException("a TTL cannot be negative");
        }
    }

    /** Servers of {@code /etc/resolv.conf}, 5 seconds, 2 rounds, 10,000 answers for up to an hour, negative ones for 5 minutes. */
    public static DnsConfig standard() {
        return new DnsConfig(List.of(), Duration.ofSeconds(5), 2, 10_000, Duration.ofHours(1), Duration.ofMinutes(5));
    }

    /** The same, but asking these servers. */
    public DnsConfig withServers(List<InetSocketAddress> others) {
        return new DnsConfig(others, timeout, rounds, cacheEntries, longestTtl, longestNegativeTtl);
    }
}
