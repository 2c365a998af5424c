package org.posthorn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.ReportAdmin;
import org.posthorn.log.MailLog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthorn report}: what others report about our mail, and what we report to them. */
@Command(name = "report", description = "What others report about our mail, and what we report to them.")
final class ReportCommand extends CommandGroup {
    static CommandLine of(Program program) {
        return new CommandLine(new ReportCommand())
                .addSubcommand(new CommandLine(new Show(program, ReportAdmin.Kind.DMARC)).setCommandName("dmarc"))
                .addSubcommand(new CommandLine(new Show(program, ReportAdmin.Kind.TLS)).setCommandName("tls"))
                .addSubcommand(new Import(program))
                .addSubcommand(new Send(program));
    }

    private static void print(String line) {
        System.out.println(MailLog.safe(line));
    }

    /** {@code posthorn report dmarc} and {@code posthorn report tls}. */
    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Say in words who sends in our names, what fails and why (dmarc), or how TLS to our servers goes (tls).")
    private static final class Show implements Callable<Integer> {
        private final Program program;
        private final ReportAdmin.Kind kind;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "of this domain only")
        private String domain = "";

        @Option(names = "--days", paramLabel = "N", description = "how far back, 30 days unless given")
        private int days = 30;

        @Option(names = "--json", description = "everything, for programs")
        private boolean json;

        Show(Program program, ReportAdmin.Kind kind) {
            this.program = program;
            this.kind = kind;
        }

        @Override
        public Integer call() throws Exception {
            ReportAdmin.Query query =
                    new ReportAdmin.Query(kind, Optional.of(domain).filter(name -> !name.isEmpty()), days);
            try (AdminApi admin = program.admin(config.file)) {
                if (json) {
                    json(admin, query);
                } else {
                    text(admin, query);
                }
            }
            return 0;
        }

        private static void json(AdminApi admin, ReportAdmin.Query query) throws AdminException, IOException {
            String[] separator = {"["};
            boolean complete = admin.reports().summarize(query, each -> {
                System.out.print(separator[0] + each);
                separator[0] = ",";
            });
            System.out.println(separator[0].equals("[") ? "[]" : "]");
            if (!complete) {
                System.err.println("posthorn: there are more reports; the newest 5000 were read");
            }
        }

        private static void text(AdminApi admin, ReportAdmin.Query query) throws AdminException, IOException {
            boolean[] some = {false};
            admin.reports().describe(query, line -> {
                some[0] = true;
                print(line);
            });
            if (!some[0]) {
                System.out.println("no " + query.kind()
                        + " reports of that time are here; ask for them with a record in DNS (posthorn dns records),"
                        + " and name the mailbox in reports.mailboxes");
            }
        }
    }

    /** {@code posthorn report send dmarc|tls}. */
    @Command(
            name = "send",
            mixinStandardHelpOptions = true,
            description = "Send reports to others now, not at the time drawn for today.")
    private static final class Send implements Callable<Integer> {
        private final Program program;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "dmarc|tls", description = "which reports")
        private String kind = "";

        @Option(
                names = "--day",
                paramLabel = "YYYY-MM-DD",
                description = "only about this day (UTC); for today it is the report, and ends now")
        private String day = "";

        Send(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            Optional<LocalDate> about =
                    Optional.of(day).filter(text -> !text.isEmpty()).map(Send::day);
            ReportAdmin.Kind which = Arrays.stream(ReportAdmin.Kind.values())
                    .filter(each -> each.word().equals(kind))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("which reports: dmarc or tls?"));
            try (AdminApi admin = program.admin(config.file)) {
                List<String> lines = admin.reports().send(which, about);
                lines.forEach(ReportCommand::print);
                if (lines.isEmpty()) {
                    System.out.println("no report is due");
                }
            }
            return 0;
        }

        private static LocalDate day(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("not a day like 2026-01-31: " + text, e);
            }
        }
    }

    /** {@code posthorn report import FILE|DIRECTORY...}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Read reports out of files: mails, or what is attached to them.")
    private static final class Import implements Callable<Integer> {
        private static final int MAX_FILES = 10_000;

        private final Program program;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "FILE|DIRECTORY", arity = "1..*")
        private List<Path> paths = List.of();

        Import(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            int status = 0;
            try (AdminApi admin = program.admin(config.file)) {
                for (Path path : paths) {
                    try (Stream<Path> found = Files.walk(path)) {
                        for (Path file : found.filter(Files::isRegularFile)
                                .sorted()
                                .limit(MAX_FILES)
                                .toList()) {
                            status |= take(admin, file);
                        }
                    }
                }
            }
            return status;
        }

        private static int take(AdminApi admin, Path file) throws IOException {
            List<ReportAdmin.Taken> taken;
            try (InputStream octets = Files.newInputStream(file)) {
                taken = admin.reports().take(octets);
            } catch (AdminException e) {
                System.err.println("posthorn: " + MailLog.safe(file + ": " + e.text()));
                return 1;
            }
            List<String> lines =
                    taken.stream().map(one -> file + ": " + words(one)).toList();
            if (taken.stream().anyMatch(one -> one.outcome() == ReportAdmin.Taken.Outcome.REFUSED)) {
                System.err.println("posthorn: " + MailLog.safe(String.join("; ", lines)));
                return 1;
            }
            lines.forEach(ReportCommand::print);
            return 0;
        }

        private static String words(ReportAdmin.Taken taken) {
            return switch (taken.outcome()) {
                        case STORED -> "stored ";
                        case KNOWN -> "known already: ";
                        case SINGLE -> "not stored, it is about one message: ";
                        case REFUSED -> "refused: ";
                    }
                    + taken.text();
        }
    }
}
