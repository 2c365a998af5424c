package org.posthorn.server.smtp;

import java.time.Duration;
import org.posthorn.config.Section;

/**
 * The times that bound a session.
 *
 * @param command wait for a whole command line (RFC 5321 4.5.3.2.7: at least 5 minutes)
 * @param data wait for the next octets of a message (4.5.3.2.5 gives the client 3 minutes for each)
 * @param underLoad in place of both while connections run short
 * @param session longest session; checked between commands
 * @param dataGrace a message may take this long, and {@code 1 second / dataRate} more for each octet
 * @param dataRate octets in a second that a client must send at the least in the long run
 * @param errorDelay before the reply to the fourth error and each one after it; costs us nothing, and a guesser his time
 * @param afterFault wait for the end of a message that is refused for a bare CR or LF, whose sender may not know how to end it
 */
public record SmtpTimes(
        Duration command,
        Duration data,
        Duration underLoad,
        Duration session,
        Duration dataGrace,
        int dataRate,
        Duration errorDelay,
        Duration afterFault) {
    public static final SmtpTimes DEFAULT = new SmtpTimes(
            Duration.ofMinutes(5),
            Duration.ofMinutes(3),
            Duration.ofSeconds(10),
            Duration.ofHours(2),
            Duration.ofMinutes(10),
            512,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    public SmtpTimes {
        if (dataRate < 1) {
            throw new IllegalArgumentException("the data rate must be positive");
        }
    }

    static SmtpTimes read(Section smtp) {
        return new SmtpTimes(
                smtp.duration("command-timeout", DEFAULT.command, "1s", "1h"),
                smtp.duration("data-timeout", DEFAULT.data, "1s", "1h"),
                smtp.duration("timeout-under-load", DEFAULT.underLoad, "1s", "1h"),
                smtp.duration("session-limit", DEFAULT.session, "1m", "7d"),
                smtp.duration("data-grace", DEFAULT.dataGrace, "1s", "1d"),
                smtp.integer("data-rate", DEFAULT.dataRate, 1, 1 << 30),
                smtp.duration("error-delay", DEFAULT.errorDelay, "0s", "1m"),
                DEFAULT.afterFault);
    }
}
