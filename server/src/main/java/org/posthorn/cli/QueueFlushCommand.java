package org.posthorn.cli;

import java.util.concurrent.Callable;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.QueueAdmin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code posthorn queue flush}. */
@Command(name = "flush", description = "Try all messages now.", mixinStandardHelpOptions = true)
final class QueueFlushCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    QueueFlushCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        try (AdminApi admin = program.admin(config.file)) {
            System.out.println(QueueText.tried(admin.queue()
                    .change(QueueAdmin.Change.RETRY, new QueueAdmin.Selection.All())
                    .count()));
        }
        return 0;
    }
}
