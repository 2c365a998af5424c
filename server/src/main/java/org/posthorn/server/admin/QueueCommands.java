package org.posthorn.server.admin;

import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.Domain;
import org.posthorn.queue.QueueControl;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueueSelection;

/** The commands that show and steer the queue. */
public final class QueueCommands {
    /** Shown by {@code queue list} unless it says otherwise. */
    static final int LISTED = 1000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final QueueControl queue;

    private QueueCommands(QueueControl queue) {
        this.queue = queue;
    }

    public static void addTo(CommandTable table, QueueControl queue) {
        QueueCommands commands = new QueueCommands(queue);
        table.add("queue list", 0, 3, commands::list)
                .add("queue show", 1, 1, arguments -> commands.withId(arguments, commands::show))
                .add("queue retry", 1, AdminCodec.MAX_WORDS, commands::retry)
                .add("queue hold", 1, AdminCodec.MAX_WORDS, arguments -> commands.each(arguments, Change.HOLD))
                .add("queue release", 1, AdminCodec.MAX_WORDS, arguments -> commands.each(arguments, Change.RELEASE))
                .add("queue delete", 1, AdminCodec.MAX_WORDS, arguments -> commands.each(arguments, Change.DELETE))
                .add("queue flush", 0, 0, _ -> AdminReply.done(tried(queue.flush())));
    }

    /** What can be done with many messages at once. */
    private enum Change {
        HOLD("held"),
        RELEASE("released"),
        DELETE("deleted"),
        RETRY("tried now");

        private final String done;

        Change(String done) {
            this.done = done;
        }

        /** False where there is no such message. */
        boolean apply(QueueControl queue, QueueId id) throws IOException {
            return switch (this) {
                case HOLD -> queue.hold(id);
                case RELEASE -> queue.release(id);
                case DELETE -> queue.delete(id);
                case RETRY -> queue.retry(id);
            };
        }

        /** Of the messages that are selected, those for which it changes something. */
        QueueSelection narrowed(QueueSelection selection) {
            return switch (this) {
                case HOLD, RETRY -> selection.ifHeld(false);
                case RELEASE -> selection.ifHeld(true);
                case DELETE -> selection;
            };
        }

        String of(int count) {
            return count == 1 ? "1 message " + done : count + " messages " + done;
        }
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

    private static AdminReply absent(QueueId id) {
        return AdminReply.failed("no message " + id + " in the queue");
    }

    private static String tried(int count) {
        return count + (count == 1 ? " message is" : " messages are") + " tried now";
    }

    /** {@code --to-domain DOMAIN}, {@code --sender ADDRESS} or both; {@code --all}; or ids. */
    private AdminReply each(List<String> arguments, Change change) {
        try {
            return arguments.getFirst().startsWith("--")
                    ? selected(queue.select(change.narrowed(selection(arguments))), change)
                    : named(ids(arguments), change);
        } catch (IllegalArgumentException e) {
            return AdminReply.failed(String.valueOf(e.getMessage()));
        }
    }

    private static QueueSelection selection(List<String> arguments) {
        Optional<Domain> domain = Optional.empty();
        Optional<String> sender = Optional.empty();
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            switch (words.next()) {
                case "--all" -> {}
                case "--to-domain" -> domain = Optional.of(Domain.parse(value(words)));
                case "--sender" -> sender = Optional.of(value(words).replace("<>", ""));
                case String other ->
                    throw new IllegalArgumentException(
                            "either ids, or --to-domain and --sender, or --all; not " + other);
            }
        }
        if (arguments.contains("--all") && arguments.size() > 1) {
            throw new IllegalArgumentException("--all stands alone");
        }
        return new QueueSelection(domain, sender, Optional.empty());
    }

    private static String value(Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException("a value is missing");
        }
        return words.next();
    }

    private static List<QueueId> ids(List<String> arguments) {
        List<QueueId> ids = new ArrayList<>();
        for (String text : arguments) {
            try {
                ids.add(new QueueId(text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not a queue id: " + text + "; nothing was done", e);
            }
        }
        return ids;
    }

    /** Those that are gone by now have been delivered meanwhile, or deleted by somebody else. */
    private AdminReply selected(List<QueueId> ids, Change change) {
        int count = 0;
        for (QueueId id : ids) {
            try {
                count += change.apply(queue, id) ? 1 : 0;
            } catch (IOException e) {
                return spoolFailed(count, change, e);
            }
        }
        return AdminReply.done(change.of(count));
    }

    private AdminReply named(List<QueueId> ids, Change change) {
        int count = 0;
        List<String> absent = new ArrayList<>();
        for (QueueId id : ids) {
            try {
                if (change.apply(queue, id)) {
                    count++;
                } else {
                    absent.add(id.text());
                }
            } catch (IOException e) {
                return spoolFailed(count, change, e);
            }
        }
        return absent.isEmpty()
                ? AdminReply.done(change.of(count))
                : AdminReply.failed(change.of(count) + "; not in the queue: " + String.join(" ", absent));
    }

    private static AdminReply spoolFailed(int count, Change change, IOException e) {
        return AdminReply.failed(change.of(count) + ", then the spool failed: " + e.getMessage());
    }

    /** {@code --limit N} or {@code --all}, then a filter. */
    private AdminReply list(List<String> arguments) {
        int limit = LISTED;
        List<String> rest = arguments;
        if (!rest.isEmpty() && rest.getFirst().equals("--all")) {
            limit = AdminCodec.MAX_ROWS;
            rest = rest.subList(1, rest.size());
        } else if (rest.size() > 1 && rest.getFirst().equals("--limit")) {
            limit = limit(rest.get(1));
            rest = rest.subList(2, rest.size());
        }
        if (limit < 1 || rest.size() > 1) {
            return AdminReply.failed("queue list takes --limit N, with N from 1 to " + AdminCodec.MAX_ROWS
                    + ", or --all, and one filter");
        }
        return listed(queue.list(rest.isEmpty() ? "" : rest.getFirst(), limit));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            return limit > AdminCodec.MAX_ROWS ? 0 : limit;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static AdminReply listed(QueueControl.Listing listing) {
        if (listing.total() == 0) {
            return AdminReply.done("no messages");
        }
        List<List<String>> rows = listing.shown().stream()
                .map(message -> List.of(
                        message.id().text(),
                        TIME.format(message.arrived()),
                        String.valueOf(message.size()),
                        message.state().name().toLowerCase(Locale.ROOT),
                        message.sender().isEmpty() ? "<>" : message.sender(),
                        recipients(message.open()),
                        message.nextAttempt().map(TIME::format).orElse("-"),
                        message.reason()))
                .toList();
        String count = rows.size() < listing.total()
                ? rows.size() + " of " + listing.total() + " messages, the oldest; --limit N or --all shows more"
                : rows.size() + " of " + listing.total() + (listing.total() == 1 ? " message" : " messages");
        return new AdminReply(
                true,
                count,
                List.of("id", "arrived", "size", "state", "sender", "recipients", "next attempt", "reason"),
                rows);
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

    /** As the others; or {@code all}, or one destination, which need not be the domain of the recipients. */
    private AdminReply retry(List<String> arguments) {
        String first = arguments.getFirst();
        if (arguments.size() > 1 || first.startsWith("--")) {
            return each(arguments, Change.RETRY);
        }
        if (first.equals("all")) {
            return AdminReply.done(tried(queue.flush()));
        }
        try {
            return named(List.of(new QueueId(first.toUpperCase(Locale.ROOT))), Change.RETRY);
        } catch (IllegalArgumentException e) {
            return AdminReply.done(tried(queue.retryDestination(first)));
        }
    }
}
