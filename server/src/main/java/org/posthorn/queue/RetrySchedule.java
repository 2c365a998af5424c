package org.posthorn.queue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * When to try again (RFC 5321 4.5.4.1). The first attempts follow soon, since most trouble is short; the standard's half
 * hour is reached with the third. Thread-safe when the randomness is.
 */
public final class RetrySchedule {
    /** Part of a delay by which it varies, so that what failed together is not tried together. */
    private static final double JITTER = 0.1;

    private final List<Duration> delays;
    private final RandomGenerator random;
    private final long longestMillis;

    /** The times between attempts; the last one goes on for ever. */
    public RetrySchedule(List<Duration> delays, RandomGenerator random) {
        if (delays.isEmpty()) {
            throw new IllegalArgumentException("no delays");
        }
        this.delays = List.copyOf(delays);
        this.random = random;
        this.longestMillis =
                (long) (this.delays.stream().mapToLong(Duration::toMillis).max().orElseThrow() * (1 + JITTER));
    }

    /** How long to wait before an attempt, the second being the first that waits: within a tenth of the configured time. */
    public Duration delayBefore(int attempt) {
        return delay(attempt, random.nextDouble());
    }

    /**
     * The same for a message: every recipient whose attempt fails at one time is tried again at one time, so that those
     * of a domain go out in one transaction again (RFC 5321 5.1 and 4.5.4.1), while messages are spread among themselves.
     */
    Duration delayBefore(int attempt, QueueId message) {
        return delay(attempt, new SplittableRandom(message.text().hashCode()).nextDouble());
    }

    /**
     * When an attempt that was put off until then is due: now, where that lies further ahead than any delay, since the clock must have
     * been set back.
     *
     * @return milliseconds since 1970
     */
    long due(long untilMillis, long nowMillis) {
        return untilMillis - nowMillis > longestMillis ? nowMillis : untilMillis;
    }

    private Duration delay(int attempt, double chance) {
        Duration plain = delays.get(Math.clamp(attempt - 2L, 0, delays.size() - 1));
        double factor = 1 + JITTER * (2 * chance - 1);
        return Duration.ofMillis(Math.max(1, (long) (plain.toMillis() * factor)));
    }
}
