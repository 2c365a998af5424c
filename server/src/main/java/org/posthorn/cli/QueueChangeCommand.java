package org.posthorn.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.QueueAdmin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code posthorn queue retry|hold|release|delete}: for messages by their ids, or for all that are selected. */
@Command(mixinStandardHelpOptions = true)
final class QueueChangeCommand implements Callable<Integer> {
    private static final Pattern QUEUE_ID = Pattern.compile("[0-9A-Za-z]{11,16}");

    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--to-domain",
            paramLabel = "DOMAIN",
            description = "all messages that are still to go to a recipient there")
    private Optional<String> domain = Optional.empty();

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            description = "all messages from there; <> is that of bounces, @DOMAIN is every address there")
    private Optional<String> sender = Optional.empty();

    @Option(names = "--all", description = "all messages")
    private boolean all;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    QueueChangeCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        List<String> names = AdminCommands.arguments(spec);
        boolean selected = domain.isPresent() || sender.isPresent();
        if ((names.isEmpty() ? 0 : 1) + (selected ? 1 : 0) + (all ? 1 : 0) != 1) {
            throw new ParameterException(spec.commandLine(), "one of: ids; --to-domain, --sender or both; --all");
        }
        QueueAdmin.Change change = QueueAdmin.Change.valueOf(spec.name().toUpperCase(Locale.ROOT));
        QueueAdmin.Selection selection = selection(change, names, selected);
        QueueAdmin.Changed changed;
        try (AdminApi admin = program.admin(config.file)) {
            changed = admin.queue().change(change, selection);
        }
        boolean named = selection instanceof QueueAdmin.Selection.Ids;
        String done = named || selected || all ? change.done(changed.count()) : QueueText.tried(changed.count());
        if (!changed.absent().isEmpty()) {
            System.err.println("posthorn: " + done + "; not in the queue: " + String.join(" ", changed.absent()));
            return 1;
        }
        System.out.println(done);
        return 0;
    }

    /** One name given to {@code retry} may also be {@code all}, or a destination, which need not be the domain of the recipients. */
    private QueueAdmin.Selection selection(QueueAdmin.Change change, List<String> names, boolean selected) {
        if (selected) {
            return new QueueAdmin.Selection.Matching(domain, sender);
        }
        boolean one = change == QueueAdmin.Change.RETRY && names.size() == 1;
        if (all || (one && names.getFirst().equals("all"))) {
            return new QueueAdmin.Selection.All();
        }
        return one && !QUEUE_ID.matcher(names.getFirst()).matches()
                ? new QueueAdmin.Selection.Destination(names.getFirst())
                : new QueueAdmin.Selection.Ids(names);
    }
}
