package org.posthorn.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.posthorn.config.ConfigException;
import org.posthorn.config.opendkim.OpenDkimPlan;
import org.posthorn.config.opendkim.OpenDkimReader;
import org.posthorn.log.MailLog;
import org.posthorn.server.admin.AdminReply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code posthorn dkim import}: takes OpenDKIM's keys over. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Take the signing keys of OpenDKIM over, with their selectors, and say which of its settings match which of ours.",
            "The domains must be there (posthorn domain add); OpenDKIM's files stay as they are."
        })
final class DkimImportCommand implements Callable<Integer> {
    /** Octets of a file that is read. */
    private static final long MAX_FILE = 16 << 20;

    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--from",
            paramLabel = "FILE",
            defaultValue = "/etc/opendkim.conf",
            description = "OpenDKIM's configuration (default: ${DEFAULT-VALUE})")
    private Path from = Path.of("/etc/opendkim.conf");

    @Option(names = "--dry-run", description = "show what would be done, and change nothing")
    private boolean dryRun;

    DkimImportCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        String text = read(from.toString()).orElseThrow(() -> new IOException("cannot read " + from));
        OpenDkimPlan plan = OpenDkimReader.plan(text, DkimImportCommand::read);
        int failed = 0;
        for (OpenDkimPlan.Key key : plan.keys()) {
            Optional<String> pem = read(key.file());
            String outcome = pem.isEmpty() ? "cannot read the file" : dryRun ? "" : adopt(key, pem.get());
            failed += outcome.isEmpty() ? 0 : 1;
            String done = dryRun ? "would be taken over" : "taken over, and signs";
            print("key " + key.selector() + " of " + key.domain() + " (" + key.file() + "): "
                    + (outcome.isEmpty() ? done : outcome));
        }
        plan.settings().forEach(line -> print("setting for posthorn.toml: " + line));
        plan.remarks().forEach(remark -> print("not taken over: " + remark));
        return failed == 0 && !plan.keys().isEmpty() ? 0 : 1;
    }

    /** What went wrong; "" for nothing. */
    private String adopt(OpenDkimPlan.Key key, String pem) throws ConfigException, IOException {
        AdminReply reply = program.administer(config.file, List.of("dkim", "adopt", key.domain(), key.selector(), pem));
        return reply.ok() ? "" : reply.message();
    }

    private static void print(String line) {
        System.out.println(MailLog.safe(line));
    }

    private static Optional<String> read(String path) {
        try {
            Path file = Path.of(path);
            return Files.isRegularFile(file) && Files.size(file) <= MAX_FILE
                    ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
