package org.posthorn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.posthorn.cli.check.CheckCommands;
import org.posthorn.cli.check.ResolverSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that administer: each passes its words on and prints the reply. */
final class AdminCommands {
    private AdminCommands() {}

    static CommandLine domain(Program program) {
        return group("domain", "Domains that mail is received for.")
                .addSubcommand(plain(
                        program, "add", "Add a domain; makes its DKIM keys and prints their DNS records.", "DOMAIN"))
                .addSubcommand(plain(program, "list", "List the domains."))
                .addSubcommand(plain(program, "remove", "Remove a domain without accounts.", "DOMAIN"));
    }

    static CommandLine account(Program program) {
        return group("account", "Accounts: a mailbox and a login each.")
                .addSubcommand(new CommandLine(new WithPassword(program)).setCommandName("add"))
                .addSubcommand(plain(program, "list", "List the accounts, of one domain or of all.", "[DOMAIN]"))
                .addSubcommand(new CommandLine(new WithPassword(program)).setCommandName("password"))
                .addSubcommand(plain(
                        program, "remove", "Remove an account; its sessions end, its mail is moved aside.", "ADDRESS"));
    }

    static CommandLine alias(Program program) {
        return group("alias", "Addresses that are delivered elsewhere.")
                .addSubcommand(plain(
                        program,
                        "add",
                        "Deliver mail for ADDRESS (or @DOMAIN) to the targets.",
                        "ADDRESS",
                        "TARGET..."))
                .addSubcommand(plain(program, "list", "List the aliases, of one domain or of all.", "[DOMAIN]"))
                .addSubcommand(plain(program, "remove", "Remove an alias.", "ADDRESS"));
    }

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

    static CommandLine dkim(Program program) {
        return group("dkim", "Signing keys and signatures.")
                .addSubcommand(plain(program, "keys", "List a domain's keys with their states and records.", "DOMAIN"))
                .addSubcommand(
                        plain(program, "rotate", "Make new keys, which take over once they are seen in DNS.", "DOMAIN"))
                .addSubcommand(plain(
                        program,
                        "activate",
                        "Sign with a key, or all that wait, without looking into DNS.",
                        "DOMAIN",
                        "[SELECTOR]"))
                .addSubcommand(plain(program, "retire", "Sign with a key no more.", "DOMAIN", "SELECTOR"))
                .addSubcommand(new CommandLine(new DkimImportCommand(program)))
                .addSubcommand(verdict(program, CheckCommands::dkimVerify))
                .addSubcommand(verdict(program, CheckCommands::dkimSign));
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

    private static CommandLine verdict(Program program, Function<ResolverSource, CommandLine> command) {
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

    private static CommandLine plain(Program program, String name, String description, String... parameters) {
        CommandLine line = new CommandLine(new Plain(program));
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

    /** The path of command names below {@code posthorn}, then the parameters given. */
    static List<String> words(CommandSpec spec) {
        List<String> words = new ArrayList<>();
        words.add(spec.parent().name());
        words.add(spec.name());
        CommandLine.ParseResult parsed = spec.commandLine().getParseResult();
        parsed.matchedPositionals().stream()
                .flatMap(position -> position.stringValues().stream())
                .forEach(words::add);
        return words;
    }

    private static final class Group extends CommandGroup {}

    @Command(mixinStandardHelpOptions = true)
    private static final class Plain implements Callable<Integer> {
        private final Program program;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        Plain(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            return ReplyPrinter.print(program.administer(config.file, words(spec)));
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Add an account, or change the password of one; the password is asked for, or read with --password-stdin.")
    private static final class WithPassword implements Callable<Integer> {
        private final Program program;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--password-stdin", description = "read the password from the first line of standard input")
        private boolean passwordFromStandardInput;

        @Parameters(paramLabel = "ADDRESS", description = "the account's mail address, which is also its login name")
        private String address = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        WithPassword(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            String password = PasswordPrompt.ask(passwordFromStandardInput);
            List<String> words = List.of(spec.parent().name(), spec.name(), address, password);
            return ReplyPrinter.print(program.administer(config.file, words));
        }
    }
}
