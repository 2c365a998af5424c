package org.posthorn.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.cli.check.CheckCommands;
import org.posthorn.cli.check.ResolverSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands by their groups, and what those that administer have in common. */
final class AdminCommands {
    private AdminCommands() {}

    static CommandLine queue(Program program) {
        return group("queue", "Messages on their way.")
                .addSubcommand(new CommandLine(new QueueListCommand(program)))
                .addSubcommand(new CommandLine(new QueueShowCommand(program)))
                .addSubcommand(onMessages(
                        program, "retry", "Try now: messages, one destination, or all.", "ID...|DESTINATION|all"))
                .addSubcommand(onMessages(program, "hold", "Stop trying to deliver messages.", "ID"))
                .addSubcommand(onMessages(program, "release", "Let held messages go on.", "ID"))
                .addSubcommand(onMessages(program, "delete", "Drop messages without telling their senders.", "ID"))
                .addSubcommand(new CommandLine(new QueueFlushCommand(program)));
    }

    private static CommandLine onMessages(Program program, String name, String description, String label) {
        CommandLine line = new CommandLine(new QueueChangeCommand(program));
        line.setCommandName(name);
        CommandSpec spec = line.getCommandSpec();
        spec.usageMessage().description(description);
        spec.addPositional(CommandLine.Model.PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return line;
    }

    static CommandLine spf(Program program) {
        return group("spf", "Sender Policy Framework.").addSubcommand(verdict(program, CheckCommands::spfCheck));
    }

    static CommandLine arc(Program program) {
        return group("arc", "Authenticated Received Chain.")
                .addSubcommand(verdict(program, CheckCommands::arcVerify))
                .addSubcommand(verdict(program, CheckCommands::arcSeal));
    }

    static CommandLine dmarc(Program program) {
        return group("dmarc", "Domain-based message authentication.")
                .addSubcommand(verdict(program, CheckCommands::dmarcCheck));
    }

    static CommandLine verdict(Program program, Function<ResolverSource, CommandLine> command) {
        ConfigOption config = new ConfigOption();
        CommandLine line = command.apply(() -> program.resolver(config.file));
        line.getCommandSpec().addMixin("config", CommandSpec.forAnnotatedObject(config));
        return line;
    }

    static CommandLine group(String name, String description) {
        CommandLine line = new CommandLine(new Group());
        line.setCommandName(name);
        line.getCommandSpec().usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
        return line;
    }

    /** Does what a command says. */
    @FunctionalInterface
    interface Action {
        /** Does it with the arguments that were given after the command's name. */
        void run(AdminApi admin, List<String> arguments) throws AdminException, IOException;
    }

    /**
     * A command that takes parameters alone.
     *
     * @param parameters labels; one in brackets may be left out, one with dots at its end may be given several times
     */
    static CommandLine plain(Program program, String name, String description, Action action, String... parameters) {
        CommandLine line = new CommandLine(new Plain(program, action));
        line.setCommandName(name);
        CommandSpec spec = line.getCommandSpec();
        spec.usageMessage().description(description);
        for (int i = 0; i < parameters.length; i++) {
            String label = parameters[i];
            String arity = label.startsWith("[") ? "0..1" : label.endsWith("...") ? "1..*" : "1";
            String index = label.endsWith("...") ? i + "..*" : String.valueOf(i);
            spec.addPositional(CommandLine.Model.PositionalParamSpec.builder()
                    .index(index)
                    .arity(arity)
                    .paramLabel(label.replace("[", "").replace("]", "").replace("...", ""))
                    .type(label.endsWith("...") ? List.class : String.class)
                    .auxiliaryTypes(String.class)
                    .required(!label.startsWith("["))
                    .build());
        }
        return line;
    }

    /** What was given after the command's name. */
    static List<String> arguments(CommandSpec spec) {
        return spec.commandLine().getParseResult().matchedPositionals().stream()
                .flatMap(position -> position.stringValues().stream())
                .toList();
    }

    private static final class Group extends CommandGroup {}

    @Command(mixinStandardHelpOptions = true)
    private static final class Plain implements Callable<Integer> {
        private final Program program;
        private final Action action;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        Plain(Program program, Action action) {
            this.program = program;
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            try (AdminApi admin = program.admin(config.file)) {
                action.run(admin, arguments(spec));
            }
            return 0;
        }
    }
}
