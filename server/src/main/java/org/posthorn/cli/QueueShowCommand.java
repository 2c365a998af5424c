package org.posthorn.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.QueueAdmin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code posthorn queue show}. */
@Command(name = "show", description = "Show one message: envelope, attempts, header.", mixinStandardHelpOptions = true)
final class QueueShowCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "ID")
    private String id = "";

    QueueShowCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        QueueAdmin.Details details;
        try (AdminApi admin = program.admin(config.file)) {
            details = admin.queue().show(id);
        }
        Table table = new Table(System.out, List.of("recipient", "state", "attempts", "next attempt", "last"));
        for (QueueAdmin.Recipient recipient : details.recipients()) {
            table.row(List.of(
                    recipient.address(),
                    recipient.done() ? "done" : "open",
                    String.valueOf(recipient.attempts()),
                    recipient.nextAttempt().map(QueueText.TIME::format).orElse("-"),
                    recipient.last().orElse("-")));
        }
        table.end();
        QueueAdmin.Message message = details.message();
        System.out.printf(
                "message %s from <%s>, %d octets, arrived %s, %s%n%n%s%n",
                message.id(),
                message.sender(),
                message.size(),
                QueueText.TIME.format(message.arrived()),
                message.state(),
                details.header().replace("\r\n", "\n"));
        return 0;
    }
}
