package org.posthorn.server.milter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.posthorn.config.Section;
import org.posthorn.mail.Network;

/**
 * How we serve as a milter, {@code [milter]}.
 *
 * @param modes what is done; mail for which nothing is done passes untouched
 * @param internalHosts clients whose mail is signed without a login
 * @param daemons names of the MTA's own services ({@code {daemon_name}}) whose mail is signed
 * @param authservId who speaks in Authentication-Results
 * @param enforce whether mail is refused or quarantined as {@code [inbound.authentication]} and its domain's DMARC policy say
 * @param idleTimeout how long the MTA may be silent between two commands
 * @param progressInterval how often the MTA is told that a message is still being judged
 */
public record MilterConfig(
        Set<Mode> modes,
        List<Network> internalHosts,
        Set<String> daemons,
        String authservId,
        boolean enforce,
        Duration idleTimeout,
        Duration progressInterval) {
    /** A third of the shortest of Postfix's time limits for milters (milter_command_timeout, 30 s). */
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(10);

    /** What the milter does. */
    public enum Mode {
        /** Signs mail that begins here. */
        SIGN,
        /** Verifies the mail of others. */
        VERIFY
    }

    public MilterConfig {
        modes = Set.copyOf(modes);
        internalHosts = List.copyOf(internalHosts);
        daemons = Set.copyOf(daemons);
    }

    /**
     * Reads the section. By default mail of loopback is signed, as by OpenDKIM, of authenticated clients, and of daemons
     * named ORIGINATING, as Debian's master.cf calls those for submission; other mail is verified, and nothing refused; the MTA may be silent for 2 hours, as with libmilter.
     */
    public static MilterConfig read(Section section, String hostname) {
        List<Network> internal = new ArrayList<>();
        for (String text : section.texts("internal-hosts", List.of("127.0.0.1", "::1"))) {
            try {
                internal.add(Network.parse(text));
            } catch (IllegalArgumentException e) {
                section.complain("internal-hosts", "\"" + text + "\" is neither an address nor a network");
            }
        }
        return new MilterConfig(
                modes(section),
                internal,
                Set.copyOf(section.texts("daemons", List.of("ORIGINATING"))),
                section.text("authserv-id", hostname),
                section.flag("enforce", false),
                section.duration("idle-timeout", "2h", "1m", "1d"),
                PROGRESS_INTERVAL);
    }

    private static Set<Mode> modes(Section section) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        for (String text : section.texts("modes", List.of("sign", "verify"))) {
            try {
                modes.add(Mode.valueOf(text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                section.complain("modes", "must hold \"sign\" and \"verify\" only");
            }
        }
        return modes;
    }
}
