package org.posthorn.server.pop3;

import java.time.Duration;
import org.posthorn.config.Section;

/**
 * The limits of the POP3 server.
 *
 * @param hostname greets the client
 * @param maxErrors wrong commands after which a session ends
 * @param loginTimeout from the greeting to a login, in all
 * @param idleTimeout without a command after login; RFC 1939 3 demands 10 minutes at least
 * @param plaintextLogin whether passwords may be sent without TLS
 */
public record Pop3Config(
        String hostname, int maxErrors, Duration loginTimeout, Duration idleTimeout, boolean plaintextLogin) {
    public Pop3Config {
        if (maxErrors < 1) {
            throw new IllegalArgumentException("limits of the POP3 server must be positive");
        }
    }

    /** The defaults: 20 wrong commands, 2 minutes to log in, 10 minutes idle, no password without TLS. */
    public static Pop3Config of(String hostname) {
        return new Pop3Config(hostname, 20, Duration.ofMinutes(2), Duration.ofMinutes(10), false);
    }

    /** Reads {@code [pop3]}. */
    public static Pop3Config read(Section section, String hostname) {
        Pop3Config standard = of(hostname);
        return new Pop3Config(
                hostname,
                section.integer("max-errors", standard.maxErrors, 1, 1000),
                section.duration("login-timeout", standard.loginTimeout, "1s", "10m"),
                section.duration("idle-timeout", standard.idleTimeout, "1m", "7d"),
                section.flag("plaintext-login", standard.plaintextLogin));
    }
}
