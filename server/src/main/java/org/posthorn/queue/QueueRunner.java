package org.posthorn.queue;

import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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

    private final FileSpool spool;
    private final Router router;
    private final InstantSource clock;
    private final DeliveryLog log;
    private final WakeQueue wakes;
    private final Dispatcher dispatcher;
    private final Settlement settlement;
    private final QueueMetrics metrics;
    private final RetrySchedule schedule;
    private volatile boolean running;

    /**
     * A runner that does nothing until {@link #start}.
     *
     * @param random spreads the retries
     */
    public QueueRunner(
            FileSpool spool,
            QueueConfig config,
            Router router,
            DeliveryAgent local,
            DeliveryAgent remote,
            Notifier notifier,
            InstantSource clock,
            RandomGenerator random,
            MailLog mailLog) {
        this.spool = spool;
        this.router = router;
        this.clock = clock;
        this.log = new DeliveryLog(mailLog);
        this.wakes = new WakeQueue(clock, this::attempt, this::failedToWake);
        this.metrics = new QueueMetrics(spool, this::busy, this::destinations);
        this.schedule = new RetrySchedule(config.retryDelays(), random);
        this.settlement = new Settlement(spool, config, schedule, notifier, clock, wakes, log, metrics);
        this.dispatcher = new Dispatcher(config, local, remote, schedule, clock, metrics, ends(), mailLog);
    }

    private Dispatcher.Ends ends() {
        return new Dispatcher.Ends() {
            @Override
            public void ended(Delivery delivery) {
                settlement.ended(delivery);
            }

            @Override
            public void suspended(Delivery delivery, DeliveryOutcome.Deferred why, long untilMillis) {
                settlement.suspended(delivery, why, untilMillis);
            }
        };
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
        spool.deliverTo(this::arrived);
        wakes.start();
        long now = clock.millis();
        for (QueueEntry entry : spool.entries()) {
            synchronized (entry) {
                if (!entry.held) {
                    entry.due().ifPresent(due -> wakes.at(Math.max(schedule.due(due, now), now), entry));
                }
            }
        }
    }

    private void arrived(QueueEntry entry) {
        metrics.accept();
        attempt(entry);
    }

    /** Tries every recipient that is due. Does nothing for a message that is held or gone, and before the start. */
    void attempt(QueueEntry entry) {
        long now = clock.millis();
        List<RecipientState> due = begin(entry, now);
        if (due.isEmpty()) {
            return;
        }
        Optional<QueuedMessage> message = spool.use(entry);
        if (message.isEmpty()) {
            return;
        }
        Plan plan = new Plan(entry, message.get(), now);
        plan.route(due, router);
        for (Delivery delivery : plan.deliveries()) {
            spool.use(entry);
            dispatcher.submit(delivery);
        }
        if (!plan.unrouted().isEmpty() || !plan.finished().isEmpty()) {
            settlement.unrouted(entry, message.get(), plan);
        }
        spool.leave(entry);
    }

    private List<RecipientState> begin(QueueEntry entry, long now) {
        synchronized (entry) {
            if (entry.removed || entry.held || !running) {
                return List.of();
            }
            List<RecipientState> due = new ArrayList<>(entry.recipients.length);
            for (RecipientState recipient : entry.recipients) {
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
                entry.due().ifPresent(next -> wakes.at(next, entry));
            }
            return due;
        }
    }

    private void failedToWake(QueueEntry entry, Throwable cause) {
        log.failure(entry, "attempt-failed", cause);
    }

    /** False where nobody tries deferred messages again though the queue runs. */
    public boolean alive() {
        return wakes.alive();
    }

    /** Looks at the clock now; for clocks that jump. */
    void wake() {
        wakes.poke();
    }

    /** What an administrator may do with the queue. */
    public QueueControl control() {
        return new QueueControl(spool, this, dispatcher, clock, metrics, log);
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
        wakes.close();
        dispatcher.close(patience);
    }
}
