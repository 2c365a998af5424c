package org.posthorn.cli;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.cli.check.CheckCommands;
import org.posthorn.mail.Domain;
import picocli.CommandLine;

/** {@code posthorn dkim}. */
final class DkimCommands {
    private static final List<String> COLUMNS =
            List.of("selector", "algorithm", "state", "since", "waits for", "record");

    private DkimCommands() {}

    static CommandLine group(Program program) {
        return AdminCommands.group("dkim", "Signing keys and signatures.")
                .addSubcommand(AdminCommands.plain(
                        program,
                        "keys",
                        "List a domain's keys with their states and records.",
                        DkimCommands::keys,
                        "DOMAIN"))
                .addSubcommand(AdminCommands.plain(
                        program,
                        "rotate",
                        "Make new keys, which take over once they are seen in DNS.",
                        DkimCommands::rotate,
                        "DOMAIN"))
                .addSubcommand(AdminCommands.plain(
                        program,
                        "activate",
                        "Sign with a key, or all that wait, without looking into DNS.",
                        DkimCommands::activate,
                        "DOMAIN",
                        "[SELECTOR]"))
                .addSubcommand(AdminCommands.plain(
                        program, "retire", "Sign with a key no more.", DkimCommands::retire, "DOMAIN", "SELECTOR"))
                .addSubcommand(new CommandLine(new DkimImportCommand(program)))
                .addSubcommand(AdminCommands.verdict(program, CheckCommands::dkimVerify))
                .addSubcommand(AdminCommands.verdict(program, CheckCommands::dkimSign));
    }

    private static void keys(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Table table = new Table(System.out, COLUMNS);
        for (DkimAdmin.Key key : of(admin, Domain.parse(arguments.getFirst()))) {
            table.row(List.of(
                    key.selector(),
                    key.algorithm(),
                    key.state(),
                    key.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                    key.waitsFor().orElse(""),
                    key.record()));
        }
        table.end();
    }

    /** A domain that is not there has none: whoever asks for a list gets one. */
    private static List<DkimAdmin.Key> of(AdminApi admin, Domain domain) throws AdminException, IOException {
        try {
            return admin.dkim().keys(domain);
        } catch (AdminException e) {
            if (e.kind() == AdminException.Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    private static void rotate(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Domain domain = Domain.parse(arguments.getFirst());
        List<DkimAdmin.Key> made = admin.dkim().rotate(domain);
        System.out.println("new keys of " + domain + ": "
                + String.join(", ", made.stream().map(DkimAdmin.Key::selector).toList())
                + "; they sign once their records are seen in DNS");
    }

    private static void activate(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Domain domain = Domain.parse(arguments.getFirst());
        Optional<String> selector = arguments.stream().skip(1).findFirst();
        System.out.println("signing for " + domain + " with "
                + String.join(", ", admin.dkim().activate(domain, selector)));
    }

    private static void retire(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Domain domain = Domain.parse(arguments.getFirst());
        String selector = arguments.get(1);
        admin.dkim().retire(domain, selector);
        System.out.println(selector + " of " + domain + " signs no more; leave its record in DNS for a week");
    }
}
