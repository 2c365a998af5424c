package org.posthorn.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.QueueAdmin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn queue list}: the oldest messages, and how many there are. */
@Command(
        name = "list",
        description =
                "List the messages, or those that an address or domain matches, oldest first, and how many there are.",
        mixinStandardHelpOptions = true)
final class QueueListCommand implements Callable<Integer> {
    /** Shown unless it is asked for more or less. */
    static final int LISTED = 1000;

    private static final List<String> COLUMNS =
            List.of("id", "arrived", "size", "state", "sender", "recipients", "next attempt", "reason");
    private static final int SHOWN_RECIPIENTS = 3;

    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @ArgGroup
    private Length length = new Length();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILTER",
            description = "held, deferred, active, or part of an address or destination")
    private Optional<String> filter = Optional.empty();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private static final class Length {
        @Option(names = "--limit", paramLabel = "N", description = "show at most N (default: 1000)")
        private Optional<Integer> limit = Optional.empty();

        @Option(names = "--all", description = "show all")
        private boolean all;
    }

    QueueListCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        int limit = length.all ? Integer.MAX_VALUE : length.limit.orElse(LISTED);
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit N shows N messages, 1 at least");
        }
        Table table = new Table(System.out, COLUMNS);
        int[] shown = {0};
        int total;
        try (AdminApi admin = program.admin(config.file)) {
            total = admin.queue().list(filter.orElse(""), limit, message -> {
                shown[0]++;
                table.row(row(message));
            });
        }
        if (total == 0) {
            System.out.println("no messages");
            return 0;
        }
        table.end();
        String count = shown[0] + " of " + total + (total == 1 ? " message" : " messages");
        System.out.println(shown[0] < total ? count + ", the oldest; --limit N or --all shows more" : count);
        return 0;
    }

    private static List<String> row(QueueAdmin.Message message) {
        return List.of(
                message.id(),
                QueueText.TIME.format(message.arrived()),
                String.valueOf(message.size()),
                message.state(),
                message.sender().isEmpty() ? "<>" : message.sender(),
                recipients(message.recipients()),
                message.nextAttempt().map(QueueText.TIME::format).orElse("-"),
                message.reason());
    }

    private static String recipients(List<String> open) {
        return open.size() > SHOWN_RECIPIENTS
                ? String.join(",", open.subList(0, SHOWN_RECIPIENTS)) + " and " + (open.size() - SHOWN_RECIPIENTS)
                        + " more"
                : String.join(",", open);
    }
}
