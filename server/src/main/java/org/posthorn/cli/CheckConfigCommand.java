package org.posthorn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code posthorn check-config}. */
@Command(
        name = "check-config",
        description = "Read the configuration and name everything that is wrong with it, with key and line.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    CheckConfigCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        program.check(config.file);
        System.out.println(config.file + ": no faults found");
        return 0;
    }
}
