package org.posthorn.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.posthorn.json.Json;
import org.posthorn.mail.Domain;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.RecordTexts;
import org.posthorn.zone.RecordsJson;
import org.posthorn.zone.check.CheckReport;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthorn dns}: what our domains publish. */
@Command(name = "dns", description = "The DNS records of our domains.")
final class DnsCommand extends CommandGroup {
    static CommandLine of(Program program) {
        return new CommandLine(new DnsCommand())
                .addSubcommand(new Records(program))
                .addSubcommand(new Check(program))
                .addSubcommand(new DnsPublishCommand(program));
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
            boolean zoneFile = form.zoneFile || !(form.table || form.json);
            System.out.print(
                    form.json
                            ? RecordsJson.of(records, apex) + "\n"
                            : zoneFile ? RecordTexts.zoneFile(records, apex) : RecordTexts.table(records, apex));
            return 0;
        }
    }

    /** {@code posthorn dns check DOMAIN}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Compare what the world sees of a domain with what should be published.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {"0:all is well", "1:something is wrong or missing", "2:something could not be looked up"})
    private static final class Check implements Callable<Integer> {
        private final Program program;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "as one JSON object")
        private boolean json;

        @Option(names = "--resolver", paramLabel = "HOST:PORT", description = "the recursive server to ask")
        private Optional<String> resolver = Optional.empty();

        @Option(
                names = "--addresses",
                paramLabel = "ADDRESS",
                split = ",",
                description = "how the world reaches this server, where it does not know itself")
        private List<String> addresses = List.of();

        @Option(names = "--dns-port", paramLabel = "PORT", description = "of the authoritative servers, for tests")
        private int dnsPort = 53;

        @Option(names = "--https-port", paramLabel = "PORT", description = "of the MTA-STS policy's host, for tests")
        private int httpsPort = 443;

        @Option(names = "--authorities", paramLabel = "FILE", description = "who may certify that host, in PEM")
        private Optional<Path> authorities = Optional.empty();

        @Parameters(paramLabel = "DOMAIN")
        private String domain = "";

        Check(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            Program.Outlook outlook = new Program.Outlook(
                    resolver.map(Check::server),
                    addresses.stream().map(InetAddress::ofLiteral).toList(),
                    dnsPort,
                    httpsPort,
                    authorities);
            CheckReport report = program.compare(config.file, Domain.parse(domain), outlook);
            System.out.print(json ? Json.write(report.json()) + "\n" : report.text());
            return report.exitStatus();
        }

        private static InetSocketAddress server(String text) {
            int colon = text.lastIndexOf(':');
            boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
            String host = (hasPort ? text.substring(0, colon) : text).replaceAll("[\\[\\]]", "");
            return new InetSocketAddress(
                    InetAddress.ofLiteral(host), hasPort ? Integer.parseInt(text.substring(colon + 1)) : 53);
        }
    }

    /** The form of the output; at most one. */
    private static final class Form {
        @Option(names = "--zone", description = "as lines of a zone file (the default)")
        private boolean zoneFile;

        @Option(names = "--table", description = "as a table, for the fields of a web form")
        private boolean table;

        @Option(names = "--json", description = "as JSON")
        private boolean json;
    }
}
