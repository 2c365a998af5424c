package org.posthorn.queue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.posthorn.config.Section;
import org.posthorn.config.Units;
import org.posthorn.storage.CommitLogConfig;

/**
 * Settings of the queue, {@code [queue]} in the configuration.
 *
 * @param directory where the spool lies; large messages in {@code large/}, the log in {@code log/}
 * @param inlineLimit octets up to which a message lies in the log, default 128 KiB; a larger one has its own file
 * @param memoryLimit octets of committed messages kept in memory until they are delivered, default 32 MiB; beyond that they
 *     are read back from the log
 * @param reserve octets that stay free on the disk, default 64 MiB; a message that would go below is refused for now
 * @param log sizes of the log's segments
 * @param retryDelays times between attempts, default 5m 10m 20m 40m 1h 2h 4h; the last goes on (RFC 5321 4.5.4.1)
 * @param lifetime after this a message is returned, default 5 days (RFC 5321 4.5.4.1: at least 4 to 5)
 * @param bounceLifetime the same for mail with the null sender, default 1 day
 * @param warnAfter after this the sender is told once that it takes longer, default 4 hours; zero is never
 * @param remoteConcurrency connections to one destination, default 5
 * @param remoteTotal connections to all destinations, default 100
 * @param localConcurrency deliveries at once to one account, default 2
 * @param localTotal deliveries at once to all accounts, default 16
 */
public record QueueConfig(
        Path directory,
        long inlineLimit,
        long memoryLimit,
        long reserve,
        CommitLogConfig log,
        List<Duration> retryDelays,
        Duration lifetime,
        Duration bounceLifetime,
        Duration warnAfter,
        int remoteConcurrency,
        int remoteTotal,
        int localConcurrency,
        int localTotal) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public QueueConfig {
        retryDelays = List.copyOf(retryDelays);
        if (retryDelays.isEmpty() || inlineLimit < 1 || inlineLimit > 4 << 20) {
            throw new IllegalArgumentException("queue settings");
        }
    }

    /** All defaults. */
    public static QueueConfig defaults(Path directory) {
        return new QueueConfig(
                directory,
                128 << 10,
                32 << 20,
                64 << 20,
                CommitLogConfig.DEFAULT,
                List.of(
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(40),
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofHours(4)),
                Duration.ofDays(5),
                Duration.ofDays(1),
                Duration.ofHours(4),
                5,
                100,
                2,
                16);
    }

    /** Reads {@code [queue]}. */
    public static QueueConfig read(Section section, Path directory) {
        QueueConfig by = defaults(directory);
        return new QueueConfig(
                directory,
                section.size("inline-limit", by.inlineLimit, "4KiB", "4MiB"),
                section.size("memory-limit", by.memoryLimit, "1MiB", "16GiB"),
                section.size("reserve", by.reserve, "0", "1024GiB"),
                by.log,
                delays(section, "retry-delays", by.retryDelays),
                section.duration("lifetime", by.lifetime, "1m", "30d"),
                section.duration("bounce-lifetime", by.bounceLifetime, "1m", "30d"),
                section.duration("warn-after", by.warnAfter, "0s", "30d"),
                section.integer("remote-concurrency", by.remoteConcurrency, 1, 1000),
                section.integer("remote-total", by.remoteTotal, 1, 10_000),
                section.integer("local-concurrency", by.localConcurrency, 1, 64),
                section.integer("local-total", by.localTotal, 1, 1000));
    }

    private static List<Duration> delays(Section section, String key, List<Duration> byDefault) {
        try {
            List<Duration> delays =
                    section.texts(key, List.of()).stream().map(Units::duration).toList();
            if (delays.stream().allMatch(delay -> delay.compareTo(SHORTEST) >= 0)) {
                return delays.isEmpty() ? byDefault : delays;
            }
            section.complain(key, "must hold times of at least one second");
        } catch (IllegalArgumentException e) {
            section.complain(key, String.valueOf(e.getMessage()));
        }
        return byDefault;
    }
}
