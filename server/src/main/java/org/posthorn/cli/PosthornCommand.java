package org.posthorn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.posthorn.admin.AdminException;
import org.posthorn.config.ConfigException;
import org.posthorn.config.FileTrouble;
import org.posthorn.log.MailLog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** {@code posthorn}: the top of the command line. */
@Command(
        name = "posthorn",
        description = "The mail server of one organisation in one program.",
        mixinStandardHelpOptions = true,
        versionProvider = PosthornCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {HelpCommand.class})
public final class PosthornCommand implements Runnable {
    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "posthorn "
                        + Optional.ofNullable(PosthornCommand.class.getPackage().getImplementationVersion())
                                .orElse("(unpackaged)")
            };
        }
    }

    private PosthornCommand() {}

    /** Runs a command line; returns the exit status. */
    public static int run(Program program, String... args) {
        CommandLine line = new CommandLine(new PosthornCommand());
        line.addSubcommand(new ServeCommand(program));
        line.addSubcommand(new DemoCommand(program));
        line.addSubcommand(new CheckConfigCommand(program));
        line.addSubcommand(new ReloadCommand(program));
        line.addSubcommand(DirectoryCommands.domain(program));
        line.addSubcommand(DirectoryCommands.account(program));
        line.addSubcommand(DirectoryCommands.alias(program));
        line.addSubcommand(AdminCommands.queue(program));
        line.addSubcommand(DkimCommands.group(program));
        line.addSubcommand(DnsCommand.of(program));
        line.addSubcommand(AdminCommands.spf(program));
        line.addSubcommand(AdminCommands.arc(program));
        line.addSubcommand(AdminCommands.dmarc(program));
        line.addSubcommand(ReportCommand.of(program));
        line.addSubcommand(new RehearseCommand(program));
        line.setParameterExceptionHandler((exception, ignored) -> misunderstood(exception));
        line.setExecutionExceptionHandler((exception, command, ignored) -> failed(exception, command));
        return line.execute(args);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    private static int misunderstood(CommandLine.ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("posthorn: " + MailLog.safe(String.valueOf(exception.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(exception, err)) {
            err.println("try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception exception, CommandLine command) {
        PrintWriter err = command.getErr();
        switch (exception) {
            case ConfigException e -> e.complaints().forEach(complaint -> err.println("posthorn: " + complaint));
            case AdminException e -> err.println("posthorn: " + e.text());
            case IOException e -> err.println("posthorn: " + FileTrouble.words(e));
            case IllegalArgumentException e -> err.println("posthorn: " + e.getMessage());
            default -> exception.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
