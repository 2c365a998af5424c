package org.posthorn.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * Records how deliveries went, and draws the consequences: recipients are done, tried again later, or returned to the sender. The sender is told
 * before the log says that a recipient is done, so a crash can repeat a notice but not lose one. Thread-safe.
 */
final class OutcomeRecorder implements DeliveryListener {
    private final QueueEntries entries;
    private final QueueConfig config;
    private final RetrySchedule schedule;
    private final Notifier notifier;
    private final InstantSource clock;
    private final RetryTimer timer;
    private final DeliveryLog log;
    private final QueueMetrics metrics;

    OutcomeRecorder(
            QueueEntries entries,
            QueueConfig config,
            RetrySchedule schedule,
            Notifier notifier,
            InstantSource clock,
            RetryTimer timer,
            DeliveryLog log,
            QueueMetrics metrics) {
        this.entries = entries;
        this.config = config;
        this.schedule = schedule;
        this.notifier = notifier;
        this.clock = clock;
        this.timer = timer;
        this.log = log;
        this.metrics = metrics;
    }

    /** What one round of results means for a message, before anybody is told. */
    private final class Round {
        final QueueEntry entry;
        final QueuedMessage message;
        final long now = clock.millis();
        final List<RecipientProgress> ready = new ArrayList<>(1);
        /** Recipients of whom a part is over. */
        final Set<RecipientProgress> partly = new LinkedHashSet<>(0);

        /** Those of whom the sender is yet to be told. */
        final List<Bad> bad = new ArrayList<>(0);

        /** Of whom nothing is left to do, since the sender has been told. */
        final Set<RecipientProgress> returned = new LinkedHashSet<>(0);

        Round(QueueEntry entry, QueuedMessage message) {
            this.entry = entry;
            this.message = message;
        }

        /** One delivery of a recipient's attempt is over. */
        void over(RecipientProgress recipient) {
            if (recipient.outstanding > 1) {
                recipient.outstanding--;
                partly.add(recipient);
                return;
            }
            ready.add(recipient);
            partly.remove(recipient);
            Optional<DeliveryOutcome.Deferred> deferral = recipient.deferral();
            if (deferral.isPresent() && now >= giveUpMillis(entry)) {
                bad.add(new Bad(recipient, Optional.empty(), expired(deferral.get())));
            }
        }
    }

    /** A recipient who will not get the message, or not by this hop. */
    private record Bad(RecipientProgress recipient, Optional<Router.Hop> hop, DeliveryOutcome.Failed outcome) {}

    private static DeliveryOutcome.Failed expired(DeliveryOutcome.Deferred last) {
        // RFC 3463 3.5: X.4.7 is delivery time expired.
        return new DeliveryOutcome.Failed(
                last.relay(), new EnhancedStatus(4, 4, 7), "delivery time expired: " + last.text(), last.remote());
    }

    private long giveUpMillis(QueueEntry entry) {
        Duration lifetime = entry.envelope.sender().isPresent() ? config.lifetime() : config.bounceLifetime();
        return entry.arrivedMillis + lifetime.toMillis();
    }

    /** An agent has settled every address of a delivery. */
    @Override
    public void ended(Delivery delivery) {
        Round round = new Round(delivery.entry, delivery.message);
        synchronized (delivery.entry) {
            for (Delivery.Target target : delivery.targets()) {
                DeliveryOutcome outcome = target.outcome().orElseGet(Dispatcher::unfinished);
                metrics.of(delivery.destination).count(outcome);
                for (RecipientProgress recipient : target.recipients) {
                    log.outcome(delivery, target.hop.address(), recipient.address(), outcome, round.now);
                    apply(round, delivery, target, recipient, outcome);
                }
            }
        }
        conclude(round);
        delivery.entry.stored.leave();
    }

    private static void apply(
            Round round,
            Delivery delivery,
            Delivery.Target target,
            RecipientProgress recipient,
            DeliveryOutcome outcome) {
        recipient.last(outcome);
        recipient.tried = true;
        switch (outcome) {
            case DeliveryOutcome.Delivered ignored -> {
                if (delivery.destination.isMailbox()) {
                    recipient.putIntoMailbox();
                    round.entry.inMailbox = true;
                }
                // A recipient with one hop is done with it, which says the same in fewer octets.
                if (recipient.outstanding > 1
                        || recipient.hasFinished()
                        || recipient.deferral().isPresent()
                        || target.recipients.size() > 1) {
                    recipient.finish(target.hop);
                }
            }
            case DeliveryOutcome.Deferred deferred -> {
                recipient.deferBy(deferred);
                recipient.waitingFor = delivery.destination;
            }
            case DeliveryOutcome.Failed failed -> {
                // Over once the sender has been told: until then no other delivery may end the recipient, and the
                // message with it.
                round.bad.add(new Bad(recipient, Optional.of(target.hop), failed));
                return;
            }
        }
        round.over(recipient);
    }

    /** A delivery was not tried, since its destination is left alone until then. */
    @Override
    public void suspended(Delivery delivery, DeliveryOutcome.Deferred why, long untilMillis) {
        Round round = new Round(delivery.entry, delivery.message);
        DeliveryOutcome.Deferred outcome = new DeliveryOutcome.Deferred(
                "none", why.status(), "delivery temporarily suspended: " + why.text(), why.remote());
        synchronized (delivery.entry) {
            for (Delivery.Target target : delivery.targets()) {
                for (RecipientProgress recipient : target.recipients) {
                    if (recipient.waitingFor == null) {
                        log.outcome(delivery, target.hop.address(), recipient.address(), outcome, round.now);
                    }
                    recipient.last(outcome);
                    recipient.deferBy(outcome);
                    recipient.waitingFor = delivery.destination;
                    recipient.tryAt(untilMillis);
                    round.over(recipient);
                }
            }
        }
        conclude(round);
        delivery.entry.stored.leave();
    }

    /** Recipients without a way, and those of whom nothing is left to do. */
    void unrouted(QueueEntry entry, QueuedMessage message, AttemptPlan plan) {
        Round round = new Round(entry, message);
        synchronized (entry) {
            for (AttemptPlan.Unrouted each : plan.unrouted()) {
                RecipientProgress recipient = each.recipient();
                recipient.tried = true;
                recipient.last(each.outcome());
                log.unrouted(entry, recipient, each.outcome(), round.now);
                if (each.outcome() instanceof DeliveryOutcome.Deferred deferred) {
                    recipient.deferBy(deferred);
                } else if (each.outcome() instanceof DeliveryOutcome.Failed failed) {
                    round.bad.add(new Bad(recipient, Optional.empty(), failed));
                }
                round.over(recipient);
            }
            plan.finished().forEach(round::over);
        }
        conclude(round);
    }

    private void conclude(Round round) {
        while (!round.bad.isEmpty()) {
            tellOfBad(round);
        }
        QueueEntry entry = round.entry;
        boolean late;
        synchronized (entry) {
            List<RecipientProgress> changed = new ArrayList<>(round.partly);
            for (RecipientProgress recipient : round.ready) {
                if (finish(round, recipient)) {
                    changed.add(recipient);
                }
            }
            keep(entry, changed);
            late = !entry.removed && !round.ready.isEmpty() && isLate(round);
        }
        if (late) {
            warn(round);
        }
        synchronized (entry) {
            if (!entry.removed && !entry.held) {
                entry.due().ifPresent(due -> timer.at(due, entry));
            }
        }
    }

    /** Tells the sender without the lock, then counts these deliveries as over; of one that ends by it there may be more to tell. */
    private void tellOfBad(Round round) {
        List<Bad> all = List.copyOf(round.bad);
        round.bad.clear();
        boolean told = tell(round, all);
        synchronized (round.entry) {
            for (Bad bad : all) {
                settleBad(bad, told);
                if (bad.hop().isPresent()) {
                    round.over(bad.recipient());
                } else if (told) {
                    round.returned.add(bad.recipient());
                }
            }
        }
    }

    private static void settleBad(Bad bad, boolean told) {
        if (!told) {
            bad.recipient()
                    .deferBy(new DeliveryOutcome.Deferred(
                            "none", new EnhancedStatus(4, 3, 0), "the notice to the sender could not be kept", false));
        } else if (bad.hop().isPresent()) {
            bad.recipient().finish(bad.hop().get());
        }
        bad.recipient().last(bad.outcome());
    }

    /** Ends a recipient's attempt; whether the log has to know. */
    private boolean finish(Round round, RecipientProgress recipient) {
        recipient.outstanding = 0;
        if (round.returned.contains(recipient) || recipient.deferral().isEmpty()) {
            recipient.done();
            round.entry.open--;
            return true;
        }
        if (!recipient.tried) {
            return false;
        }
        long next = round.now
                + schedule.delayBefore(recipient.attempts() + 2, round.entry.id).toMillis();
        long giveUp = giveUpMillis(round.entry);
        recipient.again(round.now < giveUp ? Math.min(next, giveUp) : next);
        return true;
    }

    private void keep(QueueEntry entry, List<RecipientProgress> changed) {
        if (entry.removed) {
            return;
        }
        try {
            if (entry.open > 0) {
                entry.stored.dropFromMemory();
            }
            if (!changed.isEmpty() && (entry.open > 0 || (entry.inMailbox && entry.recipients.length > 1))) {
                entry.keep(changed);
            }
            if (entry.open == 0) {
                entry.stored.remove(entry.inMailbox);
                entry.removed = true;
                entries.remove(entry);
                metrics.remove();
                log.removed(entry);
            }
        } catch (IOException e) {
            // Only a closed log refuses notes: the next start does it again.
            log.failure(entry, "progress-not-kept", e);
        }
    }

    /** Tells the sender; false when the notice could not be kept. */
    private boolean tell(Round round, List<Bad> all) {
        QueueEntry entry = round.entry;
        synchronized (entry) {
            if (entry.removed) {
                return true;
            }
        }
        if (all.stream().anyMatch(bad -> bad.outcome().status().equals(new EnhancedStatus(4, 4, 7)))) {
            log.expired(entry);
        }
        if (entry.envelope.sender().isEmpty()) {
            // RFC 5321 6.1: a notice about a notice is never sent.
            log.event(entry, "not-returned", "reason", "null sender");
            return true;
        }
        List<Notifier.Undelivered> undelivered = all.stream()
                .map(bad -> new Notifier.Undelivered(bad.recipient().recipient, bad.outcome()))
                .toList();
        try {
            notifier.failed(round.message, undelivered);
            return true;
        } catch (IOException | RuntimeException e) {
            log.failure(entry, "notice-not-kept", e);
            return false;
        }
    }

    private boolean isLate(Round round) {
        return !round.entry.warned
                && !config.warnAfter().isZero()
                && round.entry.envelope.sender().isPresent()
                && round.now >= round.entry.arrivedMillis + config.warnAfter().toMillis()
                && round.ready.stream().anyMatch(recipient -> !recipient.isDone());
    }

    private void warn(Round round) {
        QueueEntry entry = round.entry;
        List<Notifier.Undelivered> waiting = new ArrayList<>();
        synchronized (entry) {
            if (entry.warned) {
                return;
            }
            entry.warned = true;
            for (RecipientProgress recipient : entry.recipients) {
                if (!recipient.isDone() && recipient.last().isPresent()) {
                    waiting.add(new Notifier.Undelivered(
                            recipient.recipient, recipient.last().get()));
                }
            }
        }
        try {
            notifier.delayed(round.message, waiting, Instant.ofEpochMilli(giveUpMillis(entry)));
            entry.stored.keepWarned();
        } catch (IOException | RuntimeException e) {
            log.failure(entry, "warning-not-kept", e);
            synchronized (entry) {
                entry.warned = false;
            }
        }
    }
}
