package org.posthorn.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.mail.Domain;
import org.posthorn.queue.QueueControl;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueueSelection;

/** Administration of the queue of this process. Thread-safe. */
public final class LocalQueueAdmin implements QueueAdmin {
    private final QueueControl queue;

    public LocalQueueAdmin(QueueControl queue) {
        this.queue = queue;
    }

    @Override
    public int list(String filter, int limit, Consumer<Message> each) throws AdminException {
        if (limit < 1) {
            throw invalid("at least one message must be listed");
        }
        return queue.list(filter, limit, summary -> each.accept(message(summary)));
    }

    private static Message message(QueueControl.Summary summary) {
        return new Message(
                summary.id().text(),
                summary.arrived(),
                summary.size(),
                summary.state().name().toLowerCase(Locale.ROOT),
                summary.sender(),
                summary.open(),
                summary.nextAttempt(),
                summary.reason());
    }

    @Override
    public Details show(String text) throws AdminException {
        QueueId id = id(text).orElseThrow(() -> invalid("not a queue id: " + text));
        try {
            QueueControl.Details details = queue.show(id)
                    .orElseThrow(() ->
                            new AdminException(AdminException.Kind.NOT_FOUND, "no message " + id + " in the queue"));
            List<Recipient> recipients = details.recipients().stream()
                    .map(recipient -> new Recipient(
                            recipient.address(),
                            recipient.done(),
                            recipient.attempts(),
                            recipient.nextAttempt(),
                            recipient
                                    .last()
                                    .map(outcome -> outcome.status() + " " + outcome.relay() + " " + outcome.text())))
                    .toList();
            return new Details(message(details.summary()), recipients, details.header());
        } catch (IOException e) {
            throw failed("the spool: " + e.getMessage());
        }
    }

    @Override
    public Changed change(Change change, Selection selection) throws AdminException {
        return switch (selection) {
            case Selection.Ids(List<String> texts) -> named(change, ids(texts));
            case Selection.Matching(Optional<String> toDomain, Optional<String> sender) ->
                selected(change, matching(toDomain, sender));
            case Selection.All() ->
                change == Change.RETRY
                        ? new Changed(queue.flush(), List.of())
                        : selected(change, new QueueSelection(Optional.empty(), Optional.empty(), Optional.empty()));
            case Selection.Destination(String name) -> {
                if (change != Change.RETRY) {
                    throw invalid("what waits for a destination can be tried now, and no more");
                }
                yield new Changed(queue.retryDestination(name), List.of());
            }
        };
    }

    private static QueueSelection matching(Optional<String> toDomain, Optional<String> sender) throws AdminException {
        if (toDomain.isEmpty() && sender.isEmpty()) {
            throw invalid("a domain, a sender or both are missing");
        }
        try {
            return new QueueSelection(
                    toDomain.map(Domain::parse), sender.map(text -> text.replace("<>", "")), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<QueueId> id(String text) {
        try {
            return Optional.of(new QueueId(text.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<QueueId> ids(List<String> texts) throws AdminException {
        List<QueueId> ids = new ArrayList<>();
        for (String text : texts) {
            ids.add(id(text).orElseThrow(() -> invalid("not a queue id: " + text + "; nothing was done")));
        }
        return ids;
    }

    /** Of the messages that are selected, those for which it changes something. */
    private static QueueSelection narrowed(Change change, QueueSelection selection) {
        return switch (change) {
            case HOLD, RETRY -> selection.ifHeld(false);
            case RELEASE -> selection.ifHeld(true);
            case DELETE -> selection;
        };
    }

    /** Those that are gone by now have been delivered meanwhile, or deleted by somebody else. */
    private Changed selected(Change change, QueueSelection selection) throws AdminException {
        return new Changed(
                named(change, queue.select(narrowed(change, selection))).count(), List.of());
    }

    private Changed named(Change change, List<QueueId> ids) throws AdminException {
        int count = 0;
        List<String> absent = new ArrayList<>();
        for (QueueId id : ids) {
            try {
                if (apply(change, id)) {
                    count++;
                } else {
                    absent.add(id.text());
                }
            } catch (IOException e) {
                throw failed(change.done(count) + ", then the spool failed: " + e.getMessage());
            }
        }
        return new Changed(count, absent);
    }

    /** False where there is no such message. */
    private boolean apply(Change change, QueueId id) throws IOException {
        return switch (change) {
            case HOLD -> queue.hold(id);
            case RELEASE -> queue.release(id);
            case DELETE -> queue.delete(id);
            case RETRY -> queue.retry(id);
        };
    }

    private static AdminException invalid(String message) {
        return new AdminException(AdminException.Kind.INVALID, message);
    }

    private static AdminException failed(String message) {
        return new AdminException(AdminException.Kind.FAILED, message);
    }
}
