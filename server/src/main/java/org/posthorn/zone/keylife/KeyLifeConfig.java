package org.posthorn.zone.keylife;

import java.time.Duration;

/**
 * When keys move on.
 *
 * @param rotateEvery how long a key signs before the next is made, for domains whose DNS we can change; zero for never
 * @param keepRetired how long the record of a key that signs no more stays as it is: longer than mail is ever under way
 * @param revealRetired whether the private key is published after that
 * @param checkEvery the interval of looking whether something is to be done
 * @param everyServer whether a key waits until every server of its zone shows its record; if not, recursion suffices
 * @param patience how long a key that is seen everywhere else waits for servers that do not answer
 * @param dnsPort of the zones' servers: 53 but in tests and closed networks
 */
public record KeyLifeConfig(
        Duration rotateEvery,
        Duration keepRetired,
        boolean revealRetired,
        Duration checkEvery,
        boolean everyServer,
        Duration patience,
        int dnsPort) {
    public KeyLifeConfig {
        if (rotateEvery.isNegative() || keepRetired.isNegative() || patience.isNegative() || !checkEvery.isPositive()) {
            throw new IllegalArgumentException("times of the key life cannot be negative");
        }
    }

    /**
     * Half a year of signing, two weeks of rest (a queue tries for five days), nothing revealed, a look every five minutes at every
     * server, a day for those that do not answer.
     */
    public static KeyLifeConfig standard() {
        return new KeyLifeConfig(
                Duration.ofDays(180), Duration.ofDays(14), false, Duration.ofMinutes(5), true, Duration.ofDays(1), 53);
    }
}
