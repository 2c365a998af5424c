package org.posthorn.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code posthorn reload}. */
@Command(
        name = "reload",
        description =
                "Have the running server read its certificates and configuration again, without dropping sessions.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    ReloadCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        return ReplyPrinter.print(program.administer(config.file, List.of("reload")));
    }
}
