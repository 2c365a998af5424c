package org.posthorn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthorn queue list}: the oldest messages, and how many there are. */
@Command(
        name = "list",
        description =
                "List the messages, or those that an address or domain matches, oldest first, and how many there are.",
        mixinStandardHelpOptions = true)
final class QueueListCommand implements Callable<Integer> {
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

    private static final class Length {
        @Option(names = "--limit", paramLabel = "N", description = "show at most N (default: 1000)")
        private Optional<Integer> limit = Optional.empty();

        @Option(names = "--all", description = "show all, up to 100000")
        private boolean all;
    }

    QueueListCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        List<String> words = new ArrayList<>(List.of("queue", "list"));
        length.limit.ifPresent(limit -> words.addAll(List.of("--limit", String.valueOf(limit))));
        if (length.all) {
            words.add("--all");
        }
        filter.ifPresent(words::add);
        return ReplyPrinter.print(program.administer(config.file, words));
    }
}
