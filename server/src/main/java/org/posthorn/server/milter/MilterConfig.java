package org.posthorn.server.milter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.posthorn.config.Section;

/**
 * How we serve as a milter, {@code [milter]}.
 *
 * @param internalHosts clients whose mail is signed without a login
 * @param daemons names of the MTA's own services ({@code {daemon_name}}) whose mail is signed
 * @param idleTimeout how long the MTA may be silent between two commands
 */
public record MilterConfig(List<Network> internalHosts, Set<String> daemons, Duration idleTimeout) {
    public MilterConfig {
        internalHosts = List.copyOf(internalHosts);
        daemons = Set.copyOf(daemons);
    }

    /**
     * Reads the section. By default mail of loopback is signed, as by OpenDKIM, of authenticated clients, and of daemons
     * named ORIGINATING, as Debian's master.cf calls those for submission; the MTA may be silent for 2 hours, as with
     * libmilter.
     */
    public static MilterConfig read(Section section) {
        List<Network> internal = new ArrayList<>();
        for (String text : section.texts("internal-hosts", List.of("127.0.0.1", "::1"))) {
            try {
                internal.add(Network.parse(text));
            } catch (IllegalArgumentException e) {
                section.complain("internal-hosts", "\"" + text + "\" is neither an address nor a network");
            }
        }
        return new MilterConfig(
                internal,
                Set.copyOf(section.texts("daemons", List.of("ORIGINATING"))),
                section.duration("idle-timeout", "2h", "1m", "1d"));
    }
}
