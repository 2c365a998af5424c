package org.posthorn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code posthorn serve}: runs the server in the foreground. */
@Command(
        name = "serve",
        description = "Run the server in the foreground, until Ctrl-C or TERM.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    ServeCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        program.serve(config.file, () -> System.out.println("posthorn is ready"));
        return 0;
    }
}
