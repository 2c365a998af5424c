package org.posthorn.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.posthorn.admin.AdminApi;
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
        try (AdminApi admin = program.admin(config.file)) {
            List<String> remarks = admin.reload();
            System.out.println(remarks.isEmpty() ? "reloaded" : "reloaded; " + String.join("; ", remarks));
        }
        return 0;
    }
}
