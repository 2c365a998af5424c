package org.posthorn.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What an administrator sees of the queue and may do with it. Thread-safe. */
public final class QueueControl {
    private static final int MAX_HEADER = 64 << 10;

    /** What a message is doing. */
    public enum State {
        /** In delivery, or about to be. */
        ACTIVE,
        /** Waits for another attempt. */
        DEFERRED,
        /** Stopped by an administrator. */
        HELD
    }

    /**
     * A message in short.
     *
     * @param size octets
     * @param sender "" for the null sender
     * @param open recipients that are not done
     * @param nextAttempt when it is tried again
     * @param reason why the last attempt failed, "" before the first
     */
    public record Summary(
            QueueId id,
            Instant arrived,
            long size,
            String sender,
            List<String> open,
            State state,
            Optional<Instant> nextAttempt,
            String reason) {}

    /**
     * Some of the messages that were asked for.
     *
     * @param total how many there are, shown or not
     */
    public record Listing(List<Summary> shown, int total) {}

    /** One recipient of a message. */
    public record RecipientStatus(
            String address,
            boolean done,
            int attempts,
            Optional<Instant> nextAttempt,
            Optional<DeliveryOutcome> last) {}

    /**
     * A message in full.
     *
     * @param header the first 64 KiB of the header block
     */
    public record Details(Summary summary, List<RecipientStatus> recipients, String header) {}

    private final QueueEntries entries;
    private final QueueRunner runner;
    private final Dispatcher dispatcher;
    private final InstantSource clock;
    private final QueueMetrics metrics;
    private final DeliveryLog log;

    QueueControl(
            QueueEntries entries,
            QueueRunner runner,
            Dispatcher dispatcher,
            InstantSource clock,
            QueueMetrics metrics,
            DeliveryLog log) {
        this.entries = entries;
        this.runner = runner;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.metrics = metrics;
        this.log = log;
    }

    /**
     * The messages, oldest first.
     *
     * @param filter "" for all; {@code held}, {@code deferred} or {@code active}; or a text that is part of the sender, of a
     *     recipient that is not done, or of a destination, in any case
     * @param limit at most so many
     */
    public Listing list(String filter, int limit) {
        List<QueueEntry> found = matching(filter(filter.toLowerCase(Locale.ROOT)));
        return new Listing(found.stream().limit(limit).map(this::summary).toList(), found.size());
    }

    /**
     * As {@link #list(String, int)}, one by one, so that a long list is never held.
     *
     * @return how many there are, listed or not
     */
    public int list(String filter, int limit, Consumer<Summary> each) {
        List<QueueEntry> found = matching(filter(filter.toLowerCase(Locale.ROOT)));
        found.stream().limit(limit).map(this::summary).forEach(each);
        return found.size();
    }

    /** The messages that a selection means at present, oldest first. */
    public List<QueueId> select(QueueSelection selection) {
        return matching(selection::matches).stream().map(entry -> entry.id).toList();
    }

    private List<QueueEntry> matching(Predicate<QueueEntry> wanted) {
        return entries.all().stream()
                .filter(wanted)
                .sorted(Comparator.comparing((QueueEntry entry) -> entry.id))
                .toList();
    }

    private Predicate<QueueEntry> filter(String text) {
        return switch (text) {
            case "" -> entry -> true;
            case "held" -> entry -> state(entry) == State.HELD;
            case "deferred" -> entry -> state(entry) == State.DEFERRED;
            case "active" -> entry -> state(entry) == State.ACTIVE;
            default -> entry -> matches(entry, text);
        };
    }

    private static boolean matches(QueueEntry entry, String text) {
        synchronized (entry) {
            return entry.senderText().toLowerCase(Locale.ROOT).contains(text)
                    || entry.pending().stream()
                            .anyMatch(recipient -> recipient
                                            .address()
                                            .toString()
                                            .toLowerCase(Locale.ROOT)
                                            .contains(text)
                                    || (recipient.waitingFor != null
                                            && recipient.waitingFor.name().contains(text)));
        }
    }

    private State state(QueueEntry entry) {
        synchronized (entry) {
            if (entry.held) {
                return State.HELD;
            }
            boolean busy = entry.pending().stream()
                    .anyMatch(recipient -> recipient.outstanding > 0 || recipient.nextMillis() <= clock.millis());
            return busy ? State.ACTIVE : State.DEFERRED;
        }
    }

    private Summary summary(QueueEntry entry) {
        synchronized (entry) {
            List<RecipientProgress> pending = entry.pending();
            State state = state(entry);
            String reason = pending.stream()
                    .flatMap(recipient -> recipient.last().stream())
                    .map(DeliveryOutcome::text)
                    .findFirst()
                    .orElse("");
            return new Summary(
                    entry.id,
                    entry.arrived(),
                    entry.size(),
                    entry.senderText(),
                    pending.stream()
                            .map(recipient -> recipient.address().toString())
                            .toList(),
                    state,
                    state == State.DEFERRED ? entry.due().map(Instant::ofEpochMilli) : Optional.empty(),
                    reason);
        }
    }

    /** One message with its recipients and header block. */
    public Optional<Details> show(QueueId id) throws IOException {
        Optional<QueueEntry> found = entries.of(id);
        Optional<QueuedMessage> message = found.flatMap(entry -> entry.stored.use());
        if (found.isEmpty() || message.isEmpty()) {
            return Optional.empty();
        }
        QueueEntry entry = found.get();
        try {
            String header = header(message.get());
            synchronized (entry) {
                List<RecipientStatus> recipients = new ArrayList<>();
                for (RecipientProgress recipient : entry.recipients) {
                    boolean waits = !recipient.isDone() && recipient.nextMillis() > 0;
                    recipients.add(new RecipientStatus(
                            recipient.address().toString(),
                            recipient.isDone(),
                            recipient.attempts(),
                            waits ? Optional.of(Instant.ofEpochMilli(recipient.nextMillis())) : Optional.empty(),
                            recipient.last()));
                }
                return Optional.of(new Details(summary(entry), List.copyOf(recipients), header));
            }
        } finally {
            entry.stored.leave();
        }
    }

    private static String header(QueuedMessage message) throws IOException {
        try (InputStream in = message.content().open(0, MAX_HEADER)) {
            String start = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = start.indexOf("\r\n\r\n");
            return end < 0 ? start : start.substring(0, end + 2);
        }
    }

    /** Tries a message now; false when there is none of that id. */
    public boolean retry(QueueId id) {
        Optional<QueueEntry> entry = entries.of(id);
        entry.ifPresent(this::retry);
        return entry.isPresent();
    }

    private void retry(QueueEntry entry) {
        Set<Destination> forgiven = new HashSet<>();
        synchronized (entry) {
            List<RecipientProgress> waiting = entry.pending().stream()
                    .filter(recipient -> recipient.outstanding == 0 && recipient.nextMillis() > 0)
                    .toList();
            waiting.forEach(recipient -> recipient.tryAt(0));
            if (!waiting.isEmpty() && !entry.removed) {
                keep(entry, waiting);
            }
            for (RecipientProgress recipient : waiting) {
                if (recipient.waitingFor != null) {
                    forgiven.add(recipient.waitingFor);
                }
            }
        }
        forgiven.forEach(dispatcher::forgive);
        runner.attempt(entry);
    }

    /** Tries now what waits for a destination: its name, or the domain of recipients; how many messages. */
    public int retryDestination(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        List<QueueEntry> waiting =
                entries.all().stream().filter(entry -> isFor(entry, wanted)).toList();
        waiting.forEach(this::retry);
        return waiting.size();
    }

    /** Without a running queue it is the next start that tries at once. */
    private void keep(QueueEntry entry, List<RecipientProgress> waiting) {
        try {
            entry.keep(waiting);
        } catch (IOException e) {
            log.failure(entry, "progress-not-kept", e);
        }
    }

    private static boolean isFor(QueueEntry entry, String destination) {
        synchronized (entry) {
            return !entry.held
                    && entry.pending().stream()
                            .anyMatch(recipient ->
                                    recipient.address().domain().name().equals(destination)
                                            || (recipient.waitingFor != null
                                                    && recipient
                                                            .waitingFor
                                                            .name()
                                                            .equals(destination)));
        }
    }

    /** Tries everything that is not held now; how many messages. */
    public int flush() {
        dispatcher.forgiveAll();
        List<QueueEntry> all =
                entries.all().stream().filter(entry -> !entry.held).toList();
        all.forEach(this::retry);
        return all.size();
    }

    /** Stops trying; what is under way goes on. False when there is no such message. */
    public boolean hold(QueueId id) throws IOException {
        return setHeld(id, true);
    }

    /** Lets a held message go on. */
    public boolean release(QueueId id) throws IOException {
        if (!setHeld(id, false)) {
            return false;
        }
        return retry(id);
    }

    private boolean setHeld(QueueId id, boolean held) throws IOException {
        Optional<QueueEntry> entry = entries.of(id);
        if (entry.isEmpty()) {
            return false;
        }
        synchronized (entry.get()) {
            if (entry.get().held != held) {
                entry.get().held = held;
                entry.get().stored.keepHeld(held);
                log.event(entry.get(), held ? "held" : "released");
            }
        }
        return true;
    }

    /** Drops a message without telling its sender; a delivery under way goes on to its end. */
    public boolean delete(QueueId id) throws IOException {
        Optional<QueueEntry> entry = entries.of(id);
        if (entry.isEmpty()) {
            return false;
        }
        synchronized (entry.get()) {
            if (!entry.get().removed) {
                entry.get().stored.remove(entry.get().inMailbox);
                entry.get().removed = true;
                entries.remove(entry.get());
                metrics.remove();
                log.event(entry.get(), "deleted");
                log.removed(entry.get());
            }
        }
        return true;
    }
}
