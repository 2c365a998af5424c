package org.posthorn.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.posthorn.mail.Domain;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.RecordTexts;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn dns}: what our domains publish. */
@Command(
        name = "dns",
        mixinStandardHelpOptions = true,
        description = "The DNS records of our domains.",
        synopsisSubcommandLabel = "COMMAND")
final class DnsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandLine.Model.CommandSpec spec;

    static CommandLine of(Program program) {
        return new CommandLine(new DnsCommand()).addSubcommand(new Records(program));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "which of: " + String.join(", ", spec.subcommands().keySet()) + "?");
    }

    /** {@code posthorn dns records DOMAIN}. */
    @Command(
            name = "records",
            mixinStandardHelpOptions = true,
            description = "Print what to publish for a domain, and why.")
    private static final class Records implements Callable<Integer> {
        private final Program program;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @ArgGroup
        private Form form = new Form();

        @Option(
                names = "--in",
                paramLabel = "ZONE",
                description = "the zone that holds the domain's records, where it is one above the domain")
        private Optional<String> zone = Optional.empty();

        @Parameters(paramLabel = "DOMAIN")
        private String domain = "";

        Records(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            DomainRecords records = program.records(config.file, Domain.parse(domain));
            String apex = zone.map(Domain::parse).orElse(records.domain()).name();
            boolean zoneFile = form.zoneFile || !form.table;
            System.out.print(zoneFile ? RecordTexts.zoneFile(records, apex) : RecordTexts.table(records, apex));
            return 0;
        }
    }

    /** The form of the output; at most one. */
    private static final class Form {
        @Option(names = "--zone", description = "as lines of a zone file (the default)")
        private boolean zoneFile;

        @Option(names = "--table", description = "as a table, for the fields of a web form")
        private boolean table;
    }
}
