package org.posthorn.cli.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.posthorn.json.JsonObject;
import org.posthorn.log.MailLog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a {@link Check}: its own options and those that all have. */
@Command(mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    /** Characters; a message of 11 MiB in base64 fits, and the heap of the launcher holds what is made of it. Larger ones are files. */
    static final int MAX_LINE = 16 << 20;

    private static final int UNUSABLE = 2;

    private final Check check;
    private final ResolverSource network;

    @Option(names = "--json", description = "print everything known as one JSON object")
    private boolean json;

    @Option(
            names = "--batch",
            description =
                    "answer JSON objects from standard input, one a line, with the options as members; \"dns\" may bring records")
    private boolean batch;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    CheckCommand(Check check, ResolverSource network) {
        this.check = check;
        this.network = network;
    }

    /** The command with an option that is asked for by its name. */
    static CommandLine named(String name, String description, CheckCommand command) {
        CommandLine line = new CommandLine(command);
        line.setCommandName(name);
        line.getCommandSpec().usageMessage().description(description);
        option(line, "zone", "FILE", "ask this zone file (as BIND's), not the network");
        option(line, "time", "TIME", "judge as of this time, RFC 3339 or seconds since 1970");
        return line;
    }

    static CommandLine option(CommandLine line, String name, String label, String description) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("--" + name)
                        .paramLabel(label)
                        .type(String.class)
                        .description(description)
                        .build());
        return line;
    }

    /** The command with a message to judge. */
    static CommandLine file(CommandLine line) {
        line.getCommandSpec()
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .paramLabel("FILE")
                        .type(String.class)
                        .description("the message; - for standard input")
                        .build());
        return line;
    }

    @Override
    public Integer call() throws IOException {
        CheckContext context = new CheckContext(network, InstantSource.system());
        PrintWriter out = spec.commandLine().getOut();
        if (batch) {
            new Batch(context, check, MAX_LINE)
                    .run(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
            return 0;
        }
        try {
            print(out, context.run(check, question()));
            return 0;
        } catch (IllegalArgumentException | IOException e) {
            spec.commandLine().getErr().println("posthorn: " + MailLog.safe(ErrorText.of(e)));
            return UNUSABLE;
        }
    }

    private JsonObject question() {
        JsonObject.Builder question = JsonObject.builder();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (option.getValue() instanceof String value) {
                question.put(option.longestName().substring(2), value);
            }
        }
        for (PositionalParamSpec file : spec.commandLine().getParseResult().matchedPositionals()) {
            question.put("file", (String) file.getValue());
        }
        return question.build();
    }

    private void print(PrintWriter out, CheckResult verdict) {
        if (json) {
            out.println(JsonLine.of(verdict.details()));
        } else {
            out.println(verdict.word());
            verdict.lines().forEach(line -> out.println(MailLog.safe(line)));
        }
        out.flush();
    }
}
