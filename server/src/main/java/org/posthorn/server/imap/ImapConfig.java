package org.posthorn.server.imap;

import java.time.Duration;
import org.posthorn.config.MessageSize;
import org.posthorn.config.Section;

/**
 * The limits and habits of the IMAP server.
 *
 * @param serverName greets the client
 * @param maxMessageSize octets of the largest message that APPEND takes
 * @param maxBadCommands wrong commands after which a session ends
 * @param maxLoginFailures failed logins after which a session ends
 * @param loginFailureDelay before a failed login is answered
 * @param loginTimeout from the greeting to a successful login, in all
 * @param idleTimeout without a word from the client after login; RFC 3501 5.4 asks for at least 30 minutes
 * @param idleNotice in IDLE, how often the client is told that we are still here, and the disk looked at
 * @param plaintextLogin whether passwords may be sent without TLS
 * @param commandTime of a processor for one command: SEARCH, LIST and LSUB, the structures of FETCH
 * @param separator between the levels of mailbox names, as clients see them: {@code /}, or {@code .} for clients that come from a
 *     server that has it
 */
public record ImapConfig(
        String serverName,
        long maxMessageSize,
        int maxBadCommands,
        int maxLoginFailures,
        Duration loginFailureDelay,
        Duration loginTimeout,
        Duration idleTimeout,
        Duration idleNotice,
        boolean plaintextLogin,
        char separator,
        Duration commandTime) {
    /** For one command, unless configured. */
    static final Duration COMMAND_TIME = Duration.ofSeconds(30);

    public ImapConfig {
        if (separator != '/' && separator != '.') {
            throw new IllegalArgumentException("the separator of mailbox names is / or .");
        }
        if (maxMessageSize < 1 || maxBadCommands < 1 || maxLoginFailures < 1) {
            throw new IllegalArgumentException("limits of the IMAP server must be positive");
        }
    }

    /** With {@code /} between the levels of mailbox names. */
    public ImapConfig(
            String serverName,
            long maxMessageSize,
            int maxBadCommands,
            int maxLoginFailures,
            Duration loginFailureDelay,
            Duration loginTimeout,
            Duration idleTimeout,
            Duration idleNotice,
            boolean plaintextLogin) {
        this(
                serverName,
                maxMessageSize,
                maxBadCommands,
                maxLoginFailures,
                loginFailureDelay,
                loginTimeout,
                idleTimeout,
                idleNotice,
                plaintextLogin,
                '/',
                COMMAND_TIME);
    }

    /** The defaults: 100 MiB, 20 wrong commands, 3 failed logins, 2 s delay, 60 s to log in, 30 min idle, a notice every 2 min. */
    public static ImapConfig defaults(String serverName) {
        return new ImapConfig(
                serverName,
                MessageSize.DEFAULT,
                20,
                3,
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofMinutes(30),
                Duration.ofMinutes(2),
                false);
    }

    /** Reads {@code [imap]}. */
    public static ImapConfig read(Section section, String serverName, long maxMessageSize) {
        ImapConfig standard = defaults(serverName);
        return new ImapConfig(
                serverName,
                maxMessageSize,
                section.integer("max-bad-commands", standard.maxBadCommands, 1, 1000),
                section.integer("max-login-failures", standard.maxLoginFailures, 1, 100),
                section.duration("login-failure-delay", standard.loginFailureDelay, "0s", "1m"),
                section.duration("login-timeout", standard.loginTimeout, "1s", "10m"),
                section.duration("idle-timeout", standard.idleTimeout, "1m", "7d"),
                section.duration("idle-notice", standard.idleNotice, "1s", "29m"),
                section.flag("plaintext-login", standard.plaintextLogin),
                section.parsed("separator", ImapConfig::separator).orElse(standard.separator),
                section.duration("command-time", standard.commandTime, "1s", "1h"));
    }

    private static char separator(String text) {
        if (!text.equals("/") && !text.equals(".")) {
            throw new IllegalArgumentException("must be \"/\" or \".\"");
        }
        return text.charAt(0);
    }
}
