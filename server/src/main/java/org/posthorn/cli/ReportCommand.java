package org.posthorn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.posthorn.log.MailLog;
import org.posthorn.server.admin.AdminReply;
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
                .addSubcommand(new CommandLine(new Show(program, "dmarc")).setCommandName("dmarc"))
                .addSubcommand(new CommandLine(new Show(program, "tls")).setCommandName("tls"))
                .addSubcommand(new Import(program))
                .addSubcommand(new Send(program));
    }

    /** Prints cells as lines, or as the pieces of one text. */
    private static int print(AdminReply reply, boolean pieces) {
        if (!reply.ok()) {
            System.err.println("posthorn: " + MailLog.safe(reply.message()));
            return 1;
        }
        for (List<String> row : reply.rows()) {
            if (pieces) {
                System.out.print(row.getFirst());
            } else {
                System.out.println(MailLog.safe(row.getFirst()));
            }
        }
        if (pieces) {
            System.out.println();
        }
        if (!reply.message().isEmpty()) {
            System.out.println(reply.message());
        }
        return 0;
    }

    /** {@code posthorn report dmarc} and {@code posthorn report tls}. */
    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Say in words who sends in our names, what fails and why (dmarc), or how TLS to our servers goes (tls).")
    private static final class Show implements Callable<Integer> {
        private final Program program;
        private final String kind;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "of this domain only")
        private String domain = "";

        @Option(names = "--days", paramLabel = "N", description = "how far back, 30 days unless given")
        private int days = 30;

        @Option(names = "--json", description = "everything, for programs")
        private boolean json;

        Show(Program program, String kind) {
            this.program = program;
            this.kind = kind;
        }

        @Override
        public Integer call() throws Exception {
            List<String> words = List.of("report", kind, domain, String.valueOf(days), json ? "json" : "text");
            return print(program.administer(config.file, words), json);
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
            return print(program.administer(config.file, List.of("report", "send", kind, day)), false);
        }
    }

    /** {@code posthorn report import FILE|DIRECTORY...}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Read reports out of files: mails, or what is attached to them.")
    private static final class Import implements Callable<Integer> {
        /** Octets that fit into a word of the admin socket in base64. */
        private static final int MAX_FILE = 180 * 1024;

        private static final int MAX_FILES = 10_000;
        private static final long MAX_READ = 20 << 20;

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
            for (Path path : paths) {
                try (Stream<Path> found = Files.walk(path)) {
                    for (Path file : found.filter(Files::isRegularFile)
                            .sorted()
                            .limit(MAX_FILES)
                            .toList()) {
                        status |= take(file);
                    }
                }
            }
            return status;
        }

        private int take(Path file) throws Exception {
            if (Files.size(file) > MAX_READ) {
                System.err.println("posthorn: " + file + ": larger than a report may be");
                return 1;
            }
            byte[] bytes = packed(Files.readAllBytes(file));
            if (bytes.length > MAX_FILE) {
                System.err.println(
                        "posthorn: " + file + ": too large to hand to the server; mail it to a report mailbox instead");
                return 1;
            }
            List<String> words = List.of(
                    "report",
                    "import",
                    String.valueOf(file),
                    Base64.getEncoder().encodeToString(bytes));
            return print(program.administer(config.file, words), false);
        }

        /** A large document that is not packed yet is gzipped on the way. */
        private static byte[] packed(byte[] bytes) throws IOException {
            if (bytes.length <= MAX_FILE || (bytes[0] != '<' && bytes[0] != '{')) {
                return bytes;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            }
            return out.toByteArray();
        }
    }
}
