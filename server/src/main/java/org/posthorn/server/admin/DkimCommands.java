package org.posthorn.server.admin;

import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyException;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimKeyState;

/** The commands for signing keys. */
public final class DkimCommands {
    private final DkimKeyRing ring;
    private final Function<DkimKeyEntry, String> waitsFor;

    private DkimCommands(DkimKeyRing ring, Function<DkimKeyEntry, String> waitsFor) {
        this.ring = ring;
        this.waitsFor = waitsFor;
    }

    /**
     * Adds them.
     *
     * @param waitsFor what a key that does not sign yet waits for, in words
     */
    public static void addTo(CommandTable table, DkimKeyRing ring, Function<DkimKeyEntry, String> waitsFor) {
        DkimCommands commands = new DkimCommands(ring, waitsFor);
        table.add("dkim keys", 1, 1, arguments -> commands.keys(Domain.parse(arguments.getFirst())))
                .add("dkim rotate", 1, 1, arguments -> commands.rotate(Domain.parse(arguments.getFirst())))
                .add("dkim activate", 1, 2, commands::activate)
                .add("dkim retire", 2, 2, commands::retire)
                .add("dkim adopt", 3, 3, commands::adopt);
    }

    private AdminReply keys(Domain domain) {
        return AdminReply.table(
                List.of("selector", "algorithm", "state", "since", "waits for", "record"),
                ring.keys(domain).stream()
                        .map(key -> List.of(
                                key.selector(),
                                key.algorithm().tag(),
                                key.state().text(),
                                key.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                                isWaiting(key) ? waitsFor.apply(key) : "",
                                key.record()))
                        .toList());
    }

    private static boolean isWaiting(DkimKeyEntry key) {
        return key.state() == DkimKeyState.MADE || key.state() == DkimKeyState.PUBLISHED;
    }

    private AdminReply rotate(Domain domain) {
        List<DkimKeyEntry> made = ring.make(domain, EnumSet.allOf(DkimAlgorithm.class));
        return AdminReply.done("new keys of " + domain + ": "
                + String.join(", ", made.stream().map(DkimKeyEntry::selector).toList())
                + "; they sign once their records are seen in DNS");
    }

    /** Without a selector: all that wait. */
    private AdminReply activate(List<String> arguments) {
        Domain domain = Domain.parse(arguments.getFirst());
        List<DkimKeyEntry> chosen = ring.keys(domain).stream()
                .filter(key -> arguments.size() > 1 ? key.selector().equals(arguments.get(1)) : isWaiting(key))
                .toList();
        if (chosen.isEmpty()) {
            return AdminReply.failed(
                    arguments.size() > 1
                            ? "there is no key " + arguments.get(1) + " of " + domain
                            : "no key of " + domain + " waits");
        }
        chosen.forEach(ring::activate);
        return AdminReply.done("signing for " + domain + " with "
                + String.join(", ", chosen.stream().map(DkimKeyEntry::selector).toList()));
    }

    private AdminReply retire(List<String> arguments) {
        Domain domain = Domain.parse(arguments.getFirst());
        DkimKeyEntry key = ring.keys(domain).stream()
                .filter(candidate -> candidate.selector().equals(arguments.get(1)))
                .findFirst()
                .orElseThrow(() -> new DkimKeyException("there is no key " + arguments.get(1) + " of " + domain));
        ring.retire(key);
        return AdminReply.done(key.selector() + " of " + domain + " signs no more; leave its record in DNS for a week");
    }

    /** Takes a key over that has been signing elsewhere: domain, selector, PEM. */
    private AdminReply adopt(List<String> arguments) {
        Domain domain = Domain.parse(arguments.getFirst());
        try {
            DkimKeyEntry key = ring.takeOver(domain, arguments.get(1), PrivateKeys.parse(arguments.get(2)));
            return AdminReply.done("signing for " + domain + " with " + key.selector());
        } catch (PemException e) {
            return AdminReply.failed(String.valueOf(e.getMessage()));
        }
    }
}
