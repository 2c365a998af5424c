package org.posthorn.signing.rotation;

import java.time.Duration;
import org.posthorn.config.Section;

/**
 * When keys move on, {@code [dkim-keys]}.
 *
 * @param rotateEvery how long a key signs before the next is made, for domains whose DNS we can change; zero for never
 * @param keepRetired how long the record of a key that signs no more stays as it is: longer than mail is ever under way
 * @param revealRetired whether the private key is published after that
 * @param checkEvery the interval of looking whether something is to be done
 * @param everyServer whether a key waits until every server of its zone shows its record; if not, recursion suffices
 * @param patience how long a key that is seen everywhere else waits for servers that do not answer
 * @param dnsPort of the zones' servers: 53 but in tests and closed networks
 */
public record RotationConfig(
        Duration rotateEvery,
        Duration keepRetired,
        boolean revealRetired,
        Duration checkEvery,
        boolean everyServer,
        Duration patience,
        int dnsPort) {
    public RotationConfig {
        if (rotateEvery.isNegative() || keepRetired.isNegative() || patience.isNegative() || !checkEvery.isPositive()) {
            throw new IllegalArgumentException("times of key rotation cannot be negative");
        }
    }

    /**
     * Reads {@code [dkim-keys]}. Without it half a year of signing, two weeks of rest (a queue tries for five days), nothing revealed, a look
     * every five minutes at every server, a day for those that do not answer.
     */
    public static RotationConfig read(Section section) {
        return new RotationConfig(
                section.duration("rotate-every", "180d", "0s", "3650d"),
                section.duration("keep-retired", "14d", "1d", "365d"),
                section.flag("publish-retired", false),
                section.duration("check-every", "5m", "1s", "1d"),
                section.parsed("seen-by", RotationConfig::isEveryServer).orElse(true),
                section.duration("patience", "1d", "0s", "30d"),
                section.integer("dns-port", 53, 1, 65_535));
    }

    private static boolean isEveryServer(String text) {
        return switch (text) {
            case "every-server" -> true;
            case "recursion" -> false;
            default -> throw new IllegalArgumentException("must be \"every-server\" or \"recursion\"");
        };
    }
}
