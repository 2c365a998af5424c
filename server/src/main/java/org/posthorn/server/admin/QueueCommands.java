package org.posthorn.server.admin;

import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.queue.QueueControl;
import org.posthorn.queue.QueueId;

/** The commands that show and steer the queue. */
public final class QueueCommands {
    private static final int MAX_LISTED = 10_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final QueueControl queue;

    private QueueCommands(QueueControl queue) {
        this.queue = queue;
    }

    public static void addTo(CommandTable table, QueueControl queue) {
        QueueCommands commands = new QueueCommands(queue);
        table.add("queue list", 0, 1, arguments -> commands.list(arguments.isEmpty() ? "" : arguments.getFirst()))
                .add("queue show", 1, 1, arguments -> commands.withId(arguments, commands::show))
                .add("queue retry", 1, 1, arguments -> commands.retry(arguments.getFirst()))
                .add(
                        "queue hold",
                        1,
                        1,
                        arguments -> commands.withId(arguments, id -> done(queue.hold(id), id, "held")))
                .add(
                        "queue release",
                        1,
                        1,
                        arguments -> commands.withId(arguments, id -> done(queue.release(id), id, "released")))
                .add(
                        "queue delete",
                        1,
                        1,
                        arguments -> commands.withId(arguments, id -> done(queue.delete(id), id, "deleted")))
                .add("queue flush", 0, 0, _ -> AdminReply.done(tried(queue.flush())));
    }

    @FunctionalInterface
    private interface OnMessage {
        AdminReply apply(QueueId id) throws IOException;
    }

    private AdminReply withId(List<String> arguments, OnMessage action) {
        try {
            return action.apply(new QueueId(arguments.getFirst().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return AdminReply.failed("not a queue id: " + arguments.getFirst());
        } catch (IOException e) {
            return AdminReply.failed("the spool: " + e.getMessage());
        }
    }

    private static AdminReply done(boolean found, QueueId id, String what) {
        return found ? AdminReply.done(id + " " + what) : absent(id);
    }

    private static AdminReply absent(QueueId id) {
        return AdminReply.failed("no message " + id + " in the queue");
    }

    private static String tried(int count) {
        return count + (count == 1 ? " message is" : " messages are") + " tried now";
    }

    private AdminReply list(String filter) {
        List<List<String>> rows = new ArrayList<>();
        for (QueueControl.Summary message : queue.list(filter, MAX_LISTED)) {
            rows.add(List.of(
                    message.id().text(),
                    TIME.format(message.arrived()),
                    String.valueOf(message.size()),
                    message.state().name().toLowerCase(Locale.ROOT),
                    message.sender().isEmpty() ? "<>" : message.sender(),
                    recipients(message.open()),
                    message.nextAttempt().map(TIME::format).orElse("-"),
                    message.reason()));
        }
        if (rows.isEmpty()) {
            return AdminReply.done("no messages");
        }
        return AdminReply.table(
                List.of("id", "arrived", "size", "state", "sender", "recipients", "next attempt", "reason"), rows);
    }

    private static String recipients(List<String> open) {
        return open.size() > 3
                ? String.join(",", open.subList(0, 3)) + " and " + (open.size() - 3) + " more"
                : String.join(",", open);
    }

    private AdminReply show(QueueId id) throws IOException {
        Optional<QueueControl.Details> found = queue.show(id);
        if (found.isEmpty()) {
            return absent(id);
        }
        QueueControl.Details details = found.get();
        List<List<String>> rows = details.recipients().stream()
                .map(recipient -> List.of(
                        recipient.address(),
                        recipient.done() ? "done" : "open",
                        String.valueOf(recipient.attempts()),
                        recipient.nextAttempt().map(TIME::format).orElse("-"),
                        recipient
                                .last()
                                .map(outcome -> outcome.status() + " " + outcome.relay() + " " + outcome.text())
                                .orElse("-")))
                .toList();
        QueueControl.Summary summary = details.summary();
        String message = "message %s from <%s>, %d octets, arrived %s, %s%n%n%s"
                .formatted(
                        id,
                        summary.sender(),
                        summary.size(),
                        TIME.format(summary.arrived()),
                        summary.state().name().toLowerCase(Locale.ROOT),
                        details.header().replace("\r\n", "\n"));
        return new AdminReply(true, message, List.of("recipient", "state", "attempts", "next attempt", "last"), rows);
    }

    private AdminReply retry(String what) {
        if (what.equals("all")) {
            return AdminReply.done(tried(queue.flush()));
        }
        try {
            QueueId id = new QueueId(what.toUpperCase(Locale.ROOT));
            return done(queue.retry(id), id, "is tried now");
        } catch (IllegalArgumentException e) {
            return AdminReply.done(tried(queue.retryDestination(what)));
        }
    }
}
