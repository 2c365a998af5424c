package org.posthorn.abuse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.config.Section;
import org.posthorn.mail.Network;

/**
 * How many failed logins there may be, {@code [login]}.
 *
 * @param failures that a client may have before it is barred
 * @param accountFailures that an account may have, from all clients together, before places it has not logged in from are barred
 * @param forgetOneAfter time in which one failure is forgotten
 * @param delay before the reply to the first failure; grows by as much with each further one
 * @param maxDelay the longest; also the time between two attempts of exempt clients at an account that is guessed at
 * @param exempt clients that stand for many users, such as a webmail: never barred as a client
 */
public record LoginConfig(
        int failures,
        int accountFailures,
        Duration forgetOneAfter,
        Duration delay,
        Duration maxDelay,
        List<Network> exempt) {
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    public static final LoginConfig DEFAULT = new LoginConfig(
            20,
            50,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(8),
            LOOPBACK.stream().map(Network::parse).toList());

    public LoginConfig {
        if (failures < 1
                || accountFailures < 1
                || !forgetOneAfter.isPositive()
                || delay.isNegative()
                || maxDelay.isNegative()) {
            throw new IllegalArgumentException("limits of failed logins must be positive");
        }
        exempt = List.copyOf(exempt);
    }

    /** Reads {@code [login]}. */
    public static LoginConfig read(Section section) {
        List<Network> exempt = new ArrayList<>();
        for (String text : section.texts("exempt-networks", LOOPBACK)) {
            try {
                exempt.add(Network.parse(text));
            } catch (IllegalArgumentException e) {
                section.complain("exempt-networks", "\"" + text + "\" is neither an address nor a network");
            }
        }
        return new LoginConfig(
                section.integer("max-failures", DEFAULT.failures(), 1, 100_000),
                section.integer("max-account-failures", DEFAULT.accountFailures(), 1, 1_000_000),
                section.duration("forget-one-after", DEFAULT.forgetOneAfter(), "1s", "1d"),
                section.duration("delay", DEFAULT.delay(), "0s", "1m"),
                section.duration("max-delay", DEFAULT.maxDelay(), "0s", "5m"),
                exempt);
    }
}
