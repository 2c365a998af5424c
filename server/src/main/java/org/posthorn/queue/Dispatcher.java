package org.posthorn.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.posthorn.log.MailLog;
import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * Brings deliveries to agents: a queue for each destination, so many agents at once for each and for all of a kind, each on
 * a virtual thread. A destination that cannot be reached is left alone for a while as a whole. Thread-safe.
 */
final class Dispatcher {
    /** What to do with a delivery that has ended. */
    interface Ends {
        /** All its addresses are settled. */
        void ended(Delivery delivery);

        /** It was not tried, since its destination is not to be bothered before then. */
        void suspended(Delivery delivery, DeliveryOutcome.Deferred why, long untilMillis);
    }

    private static final Duration MEMORY = Duration.ofDays(1);
    private static final int SWEEP = 1000;

    private final Map<Destination.Kind, Kind> kinds;
    private final RetrySchedule schedule;
    private final InstantSource clock;
    private final MailLog log;
    private final QueueMetrics metrics;
    private final Ends ends;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();

    @GuardedBy("lock")
    private final Map<Destination, DestinationQueue> queues = new HashMap<>();

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @GuardedBy("lock")
    private int sweepAt = SWEEP;

    private volatile boolean closed;

    /** One kind's agent and limits, and who waits for a slot. */
    private static final class Kind {
        final DeliveryAgent agent;
        final int concurrency;
        final int total;
        final ArrayDeque<DestinationQueue> ready = new ArrayDeque<>();
        int busy;

        Kind(DeliveryAgent agent, int concurrency, int total) {
            this.agent = agent;
            this.concurrency = concurrency;
            this.total = total;
        }
    }

    Dispatcher(
            QueueConfig config,
            DeliveryAgent local,
            DeliveryAgent remote,
            RetrySchedule schedule,
            InstantSource clock,
            QueueMetrics metrics,
            Ends ends,
            MailLog log) {
        this.kinds = Map.of(
                Destination.Kind.LOCAL, new Kind(local, config.localConcurrency(), config.localTotal()),
                Destination.Kind.REMOTE, new Kind(remote, config.remoteConcurrency(), config.remoteTotal()));
        this.schedule = schedule;
        this.clock = clock;
        this.metrics = metrics;
        this.ends = ends;
        this.log = log;
    }

    private Kind kind(Destination destination) {
        return Objects.requireNonNull(kinds.get(destination.kind()));
    }

    /** Queues a delivery, or says at once that it has to wait. */
    void submit(Delivery delivery) {
        Optional<DeliveryOutcome.Deferred> suspension;
        long until;
        lock.lock();
        try {
            DestinationQueue queue = queue(delivery.destination);
            suspension = queue.suspension(clock.millis());
            until = queue.notBeforeMillis();
            if (suspension.isEmpty()) {
                queue.add(delivery);
                startIfPossible(queue);
            }
        } finally {
            lock.unlock();
        }
        suspension.ifPresent(why -> ends.suspended(delivery, why, until));
    }

    @GuardedBy("lock")
    private DestinationQueue queue(Destination destination) {
        if (queues.size() >= sweepAt) {
            long now = clock.millis();
            queues.values().removeIf(queue -> queue.isIdle(now, MEMORY.toMillis()));
            sweepAt = Math.max(SWEEP, queues.size() * 2);
        }
        return queues.computeIfAbsent(destination, name -> new DestinationQueue(name, kind(name).concurrency));
    }

    private void startIfPossible(DestinationQueue queue) {
        if (!queue.wantsSlot() || closed) {
            return;
        }
        Kind kind = kind(queue.destination);
        if (kind.busy < kind.total) {
            start(kind, queue);
        } else {
            queue.queuedForSlot(true);
            kind.ready.add(queue);
        }
    }

    private void start(Kind kind, DestinationQueue queue) {
        kind.busy++;
        queue.slotTaken();
        metrics.session();
        Thread thread = Thread.ofVirtual().unstarted(() -> work(kind, queue));
        threads.add(thread);
        thread.start();
    }

    private void work(Kind kind, DestinationQueue queue) {
        Slot slot = new Slot(this, queue, ends, clock);
        try {
            kind.agent.deliver(queue.destination, slot);
        } catch (RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "qmgr", "", "agent-failed", e, "destination", queue.destination.name());
        } finally {
            slot.end();
            release(kind, queue, slot);
            threads.remove(Thread.currentThread());
        }
    }

    private void release(Kind kind, DestinationQueue queue, Slot slot) {
        List<Delivery> suspended = List.of();
        Optional<DeliveryOutcome.Deferred> why = Optional.empty();
        lock.lock();
        try {
            kind.busy--;
            queue.slotFreed();
            why = judge(queue, slot);
            if (why.isPresent()) {
                suspended = queue.takeAll();
            }
            startIfPossible(queue);
            while (kind.busy < kind.total && !kind.ready.isEmpty()) {
                DestinationQueue next = kind.ready.remove();
                next.queuedForSlot(false);
                startIfPossible(next);
            }
            if (queue.isIdle(clock.millis(), Long.MAX_VALUE)) {
                queues.remove(queue.destination);
            }
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
        for (Delivery delivery : suspended) {
            ends.suspended(delivery, why.orElseThrow(), queue.notBeforeMillis());
        }
    }

    /** Decides from what an agent has met whether its destination as a whole is to be left alone. */
    private Optional<DeliveryOutcome.Deferred> judge(DestinationQueue queue, Slot slot) {
        if (closed) {
            return Optional.empty();
        }
        if (slot.hasAnswer()) {
            queue.answered();
            return Optional.empty();
        }
        Optional<DeliveryOutcome.Deferred> trouble = slot.trouble(queue.hasWork());
        if (trouble.isEmpty()) {
            return Optional.empty();
        }
        long now = clock.millis();
        if (queue.suspension(now).isEmpty()) {
            int failures = queue.failed(trouble.get());
            queue.suspend(now, now + schedule.delayBefore(failures + 1).toMillis());
            log.warning(
                    "qmgr",
                    "",
                    "destination-suspended",
                    "destination",
                    queue.destination.name(),
                    "failures",
                    failures,
                    "reason",
                    trouble.get().text());
        }
        return trouble;
    }

    /** The next delivery for an agent at work. */
    Optional<Delivery> take(DestinationQueue queue) {
        lock.lock();
        try {
            return closed || queue.suspension(clock.millis()).isPresent() ? Optional.empty() : queue.take();
        } finally {
            lock.unlock();
        }
    }

    /** What an unfinished job ends with. */
    static DeliveryOutcome.Deferred unfinished() {
        return new DeliveryOutcome.Deferred(
                "none", new EnhancedStatus(4, 3, 0), "the delivery was not finished", false);
    }

    /** Lets a destination be tried at once, whatever has happened there. */
    void forgive(Destination destination) {
        lock.lock();
        try {
            @Nullable DestinationQueue queue = queues.get(destination);
            if (queue != null) {
                queue.answered();
            }
        } finally {
            lock.unlock();
        }
    }

    void forgiveAll() {
        lock.lock();
        try {
            queues.values().forEach(DestinationQueue::answered);
        } finally {
            lock.unlock();
        }
    }

    long busy() {
        lock.lock();
        try {
            return kinds.values().stream().mapToLong(kind -> kind.busy).sum();
        } finally {
            lock.unlock();
        }
    }

    long destinations() {
        lock.lock();
        try {
            return queues.size();
        } finally {
            lock.unlock();
        }
    }

    /** Gives out no more work; waits so long for what agents have in hand, then interrupts them. */
    void close(Duration patience) {
        lock.lock();
        try {
            closed = true;
            kinds.values().forEach(kind -> kind.ready.clear());
            awaitQuiet(patience.toNanos());
            threads.forEach(Thread::interrupt);
            awaitQuiet(TimeUnit.SECONDS.toNanos(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void awaitQuiet(long nanos) throws InterruptedException {
        long left = nanos;
        while (left > 0 && kinds.values().stream().anyMatch(kind -> kind.busy > 0)) {
            left = quiet.awaitNanos(left);
        }
    }
}
