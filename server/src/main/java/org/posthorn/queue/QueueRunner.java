package org.posthorn.queue;

import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.log.MailLog;

/**
 * Brings what is in the spool to its destinations. New messages start at once, on the thread that commits them; what was
 * deferred is woken by the retry schedule. Thread-safe.
 */
public final class QueueRunner implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final QueueEntries entries = new QueueEntries();
    private final Router router;
    private final InstantSource clock;
    private final DeliveryLog log;
    private final RetryTimer timer;
    private final Dispatcher dispatcher;
    private final OutcomeRecorder recorder;
    private final QueueMetrics metrics;
    private final RetrySchedule schedule;
    private volatile boolean running;

    /**
     * A runner that knows of every message of the store, and does nothing until {@link #start}.
     *
     * @param transports by which routes may lead, each of another name
     * @param random spreads the retries
     */
    public QueueRunner(
            QueueStore store,
            QueueConfig config,
            Router router,
            List<Transport> transports,
            Notifier notifier,
            InstantSource clock,
            RandomGenerator random,
            MailLog mailLog) {
        this.router = router;
        this.clock = clock;
        this.log = new DeliveryLog(mailLog);
        this.timer = new RetryTimer(clock, this::attempt, this::failedToWake);
        this.metrics = new QueueMetrics(entries, this::busy, this::destinations);
        this.schedule = new RetrySchedule(config.retryDelays(), random);
        this.recorder = new OutcomeRecorder(entries, config, schedule, notifier, clock, timer, log, metrics);
        this.dispatcher = new Dispatcher(transports, schedule, clock, metrics, recorder, mailLog);
        store.onArrival(this::arrived);
        store.messages().forEach(entries::add);
    }

    private long busy() {
        return dispatcher.busy();
    }

    private long destinations() {
        return dispatcher.destinations();
    }

    /** Begins to deliver: what the spool has, then what comes. */
    public void start() {
        running = true;
        timer.start();
        long now = clock.millis();
        for (QueueEntry entry : entries.all()) {
            synchronized (entry) {
                if (!entry.held) {
                    entry.due().ifPresent(due -> timer.at(Math.max(schedule.due(due, now), now), entry));
                }
            }
        }
    }

    private void arrived(StoredMessage message) {
        metrics.accept();
        attempt(entries.add(message));
    }

    /** Tries every recipient that is due. Does nothing for a message that is held or gone, and before the start. */
    void attempt(QueueEntry entry) {
        long now = clock.millis();
        List<RecipientProgress> due = begin(entry, now);
        if (due.isEmpty()) {
            return;
        }
        Optional<QueuedMessage> message = entry.stored.use();
        if (message.isEmpty()) {
            return;
        }
        AttemptPlan plan = new AttemptPlan(entry, message.get(), dispatcher.transports(), now);
        plan.route(due, router);
        for (Delivery delivery : plan.deliveries()) {
            entry.stored.use();
            dispatcher.submit(delivery);
        }
        if (!plan.unrouted().isEmpty() || !plan.finished().isEmpty()) {
            recorder.unrouted(entry, message.get(), plan);
        }
        entry.stored.leave();
    }

    private List<RecipientProgress> begin(QueueEntry entry, long now) {
        synchronized (entry) {
            if (entry.removed || entry.held || !running) {
                return List.of();
            }
            List<RecipientProgress> due = new ArrayList<>(entry.recipients.length);
            for (RecipientProgress recipient : entry.recipients) {
                if (recipient.isDue(now, schedule)) {
                    recipient.beginAttempt();
                    due.add(recipient);
                }
            }
            if (!due.isEmpty() && !entry.announced) {
                entry.announced = true;
                log.active(entry);
            }
            if (due.isEmpty()) {
                entry.due().ifPresent(next -> timer.at(next, entry));
            }
            return due;
        }
    }

    private void failedToWake(QueueEntry entry, Throwable cause) {
        log.failure(entry, "attempt-failed", cause);
    }

    Collection<QueueEntry> entries() {
        return entries.all();
    }

    /** False where nobody tries deferred messages again though the queue runs. */
    public boolean alive() {
        return timer.alive();
    }

    /** Looks at the clock now; for clocks that jump. */
    void wake() {
        timer.poke();
    }

    /** What an administrator may do with the queue. */
    public QueueControl control() {
        return new QueueControl(entries, this, dispatcher, clock, metrics, log);
    }

    public QueueMetrics metrics() {
        return metrics;
    }

    /** Gives out no more work, waits for what is under way, at most 20 seconds; the rest stays for the next start. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** As {@link #close()} with another patience. */
    public void close(Duration patience) {
        running = false;
        timer.close();
        dispatcher.close(patience);
    }
}
