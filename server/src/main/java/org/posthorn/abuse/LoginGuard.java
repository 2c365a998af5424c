package org.posthorn.abuse;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;

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

    private final Limits limits;
    private final InstantSource clock;
    private final FadingCounts failures = new FadingCounts();

    public LoginGuard(Limits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Whether to refuse the client's login without looking at it. */
    public synchronized boolean isBarred(InetAddress client) {
        // One that is being forgotten still counts, or the last one would never hold anybody back.
        return failures.left(client, clock.millis(), limits.forgetOneAfter()) > limits.failures() - 1;
    }

    /** Notes a failed login; returns how long to wait before saying so. */
    public synchronized Duration failed(InetAddress client) {
        long now = clock.millis();
        double count = failures.left(client, now, limits.forgetOneAfter()) + 1;
        failures.set(client, Math.min(count, limits.failures()), now);
        Duration delay = limits.delay().multipliedBy((long) count);
        return delay.compareTo(limits.maxDelay()) < 0 ? delay : limits.maxDelay();
    }

    /** Clients remembered at present. */
    public synchronized int size() {
        return failures.size();
    }
}
