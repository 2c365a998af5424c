package org.posthorn.abuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.posthorn.mail.Network;

/**
 * Limits the new connections that a client network may make in a minute, over all services together. Who comes more often is turned
 * away until enough time has passed; those that were turned away do not count. Loopback is this machine, which stands for many users,
 * and is never limited. Thread-safe.
 */
public final class ConnectionRate {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final DecayingCounters<Network> connections = new DecayingCounters<>();

    @GuardedBy("this")
    private int perMinute;

    /** @param perMinute connections, at least 1 */
    public ConnectionRate(int perMinute, InstantSource clock) {
        this.clock = clock;
        limit(perMinute);
    }

    /** Changes the limit. */
    public synchronized void limit(int connectionsPerMinute) {
        if (connectionsPerMinute < 1) {
            throw new IllegalArgumentException("the limit of connections a minute must be positive");
        }
        perMinute = connectionsPerMinute;
    }

    /** Whether a new connection may be served; counts it if so. */
    public boolean admits(InetAddress client) {
        return client.isLoopbackAddress() || count(client);
    }

    private synchronized boolean count(InetAddress client) {
        long now = clock.millis();
        double left = connections.left(Network.ofClient(client), now, MINUTE.dividedBy(perMinute));
        if (left > perMinute - 1) {
            return false;
        }
        connections.set(Network.ofClient(client), left + 1, now);
        return true;
    }
}
