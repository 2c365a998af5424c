package org.posthorn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code posthorn queue retry|hold|release|delete}: for messages by their ids, or for all that are selected. */
@Command(mixinStandardHelpOptions = true)
final class QueueChangeCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--to-domain",
            paramLabel = "DOMAIN",
            description = "all messages that are still to go to a recipient there")
    private Optional<String> domain = Optional.empty();

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            description = "all messages from there; <> is that of bounces, @DOMAIN is every address there")
    private Optional<String> sender = Optional.empty();

    @Option(names = "--all", description = "all messages")
    private boolean all;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    QueueChangeCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        List<String> words = new ArrayList<>(AdminCommands.words(spec));
        boolean named = words.size() > 2;
        domain.ifPresent(name -> words.addAll(List.of("--to-domain", name)));
        sender.ifPresent(address -> words.addAll(List.of("--sender", address)));
        if (all) {
            words.add("--all");
        }
        boolean selected = domain.isPresent() || sender.isPresent();
        if ((named ? 1 : 0) + (selected ? 1 : 0) + (all ? 1 : 0) != 1) {
            throw new ParameterException(spec.commandLine(), "one of: ids; --to-domain, --sender or both; --all");
        }
        return ReplyPrinter.print(program.administer(config.file, words));
    }
}
