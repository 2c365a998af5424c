package org.posthorn.abuse;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failed logins for each client address (each /64 of IPv6, which is what one customer has), over all protocols that share it.
 * A client may fail a number of times in a row; failures are forgotten one by one as time goes by, and who has used up his is
 * barred until one is. Accounts are never barred: anybody could lock out anybody. Thread-safe.
 */
public final class LoginGuard {
    /**
     * The limits.
     *
     * @param failures that a client may have before it is barred
     * @param forgetOneAfter time in which one failure is forgotten
     * @param delay before the reply to the first failure; grows by as much with each further one
     * @param maxDelay the longest
     */
    public record Limits(int failures, Duration forgetOneAfter, Duration delay, Duration maxDelay) {
        public static final Limits DEFAULT =
                new Limits(20, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(8));

        public Limits {
            if (failures < 1 || !forgetOneAfter.isPositive() || delay.isNegative() || maxDelay.isNegative()) {
                throw new IllegalArgumentException("limits of failed logins must be positive");
            }
        }
    }

    private static final int MAX_CLIENTS = 20_000;

    private record Network(boolean ipv4, long prefix) {
        static Network of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return address instanceof Inet4Address
                    ? new Network(true, bytes.getInt())
                    : new Network(false, bytes.getLong());
        }
    }

    /** How much was left of a client's failures at a time, in milliseconds since 1970. */
    private record Failures(double count, long at) {}

    private final Limits limits;
    private final InstantSource clock;
    private final Map<Network, Failures> clients = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Network, Failures> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    public LoginGuard(Limits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Whether to refuse the client's login without looking at it. */
    public synchronized boolean isBarred(InetAddress client) {
        // One that is being forgotten still counts, or the last one would never hold anybody back.
        return left(Network.of(client), clock.millis()) > limits.failures() - 1;
    }

    /** Notes a failed login; returns how long to wait before saying so. */
    public synchronized Duration failed(InetAddress client) {
        long now = clock.millis();
        Network network = Network.of(client);
        double count = left(network, now) + 1;
        clients.put(network, new Failures(Math.min(count, limits.failures()), now));
        Duration delay = limits.delay().multipliedBy((long) count);
        return delay.compareTo(limits.maxDelay()) < 0 ? delay : limits.maxDelay();
    }

    /** Clients remembered at present. */
    public synchronized int size() {
        return clients.size();
    }

    private double left(Network network, long now) {
        Failures failures = clients.get(network);
        if (failures == null) {
            return 0;
        }
        double forgotten = (double) Math.max(0, now - failures.at())
                / limits.forgetOneAfter().toMillis();
        if (failures.count() <= forgotten) {
            clients.remove(network);
            return 0;
        }
        return failures.count() - forgotten;
    }
}
