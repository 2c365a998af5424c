package org.posthorn.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code posthorn aot-train}: what the build runs to record the JVM's ahead-of-time cache. */
@Command(name = "aot-train", hidden = true, description = "Start and stop every part once, for the JVM's AOT cache.")
final class RehearseCommand implements Callable<Integer> {
    private final Program program;

    @Parameters(paramLabel = "DIR", description = "a scratch directory")
    private Path scratch = Path.of("");

    RehearseCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        program.rehearse(scratch);
        return 0;
    }
}
