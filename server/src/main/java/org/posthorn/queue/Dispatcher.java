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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.posthorn.log.MailLog;
import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * Brings deliveries to agents: a queue for each destination, so many agents at once for each and for all of a transport, each on
 * a virtual thread. A destination that cannot be reached is left alone for a while as a whole. Thread-safe.
 */
final class Dispatcher {
    private static final Duration MEMORY = Duration.ofDays(1);
    private static final int SWEEP = 1000;

    private final Map<String, TransportQueue> transports;
    private final RetrySchedule schedule;
    private final InstantSource clock;
    private final MailLog log;
    private final QueueMetrics metrics;
    private final DeliveryListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();

    @GuardedBy("lock")
    private final Map<Destination, DestinationQueue> queues = new HashMap<>();

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @GuardedBy("lock")
    private int sweepAt = SWEEP;

    private volatile boolean closed;

    /** A transport, and the destinations that wait for one of its workers. Guarded by {@code lock}. */
    private static final class TransportQueue {
        final Transport transport;
        final ArrayDeque<DestinationQueue> ready = new ArrayDeque<>();
        int busy;

        TransportQueue(Transport transport) {
            this.transport = transport;
        }

        boolean isFull() {
            return busy >= transport.total();
        }
    }

    Dispatcher(
            List<Transport> transports,
            RetrySchedule schedule,
            InstantSource clock,
            QueueMetrics metrics,
            DeliveryListener listener,
            MailLog log) {
        this.transports =
                transports.stream().collect(Collectors.toUnmodifiableMap(Transport::name, TransportQueue::new));
        this.schedule = schedule;
        this.clock = clock;
        this.metrics = metrics;
        this.listener = listener;
        this.log = log;
    }

    /** The names of all transports. */
    Set<String> transports() {
        return transports.keySet();
    }

    private TransportQueue transport(Destination destination) {
        return Objects.requireNonNull(transports.get(destination.transport()));
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
        suspension.ifPresent(why -> listener.suspended(delivery, why, until));
    }

    @GuardedBy("lock")
    private DestinationQueue queue(Destination destination) {
        if (queues.size() >= sweepAt) {
            long now = clock.millis();
            queues.values().removeIf(queue -> queue.isIdle(now, MEMORY.toMillis()));
            sweepAt = Math.max(SWEEP, queues.size() * 2);
        }
        return queues.computeIfAbsent(
                destination,
                name -> new DestinationQueue(name, transport(name).transport.concurrency()));
    }

    private void startIfPossible(DestinationQueue queue) {
        if (!queue.wantsSlot() || closed) {
            return;
        }
        TransportQueue transport = transport(queue.destination);
        if (transport.isFull()) {
            queue.queuedForSlot(true);
            transport.ready.add(queue);
        } else {
            start(transport, queue);
        }
    }

    private void start(TransportQueue transport, DestinationQueue queue) {
        transport.busy++;
        queue.slotTaken();
        metrics.session();
        Thread thread = Thread.ofVirtual().unstarted(() -> work(transport, queue));
        threads.add(thread);
        thread.start();
    }

    private void work(TransportQueue transport, DestinationQueue queue) {
        DeliveryWorker worker = new DeliveryWorker(this, queue, listener, clock);
        try {
            transport.transport.agent().deliver(queue.destination, worker);
        } catch (RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "qmgr", "", "agent-failed", e, "destination", queue.destination.name());
        } finally {
            worker.end();
            release(transport, queue, worker);
            threads.remove(Thread.currentThread());
        }
    }

    private void release(TransportQueue transport, DestinationQueue queue, DeliveryWorker worker) {
        List<Delivery> suspended = List.of();
        Optional<DeliveryOutcome.Deferred> why = Optional.empty();
        lock.lock();
        try {
            transport.busy--;
            queue.slotFreed();
            why = judge(queue, worker);
            if (why.isPresent()) {
                suspended = queue.takeAll();
            }
            startIfPossible(queue);
            while (!transport.isFull() && !transport.ready.isEmpty()) {
                DestinationQueue next = transport.ready.remove();
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
            listener.suspended(delivery, why.orElseThrow(), queue.notBeforeMillis());
        }
    }

    /** Decides from what an agent has met whether its destination as a whole is to be left alone. */
    private Optional<DeliveryOutcome.Deferred> judge(DestinationQueue queue, DeliveryWorker worker) {
        if (closed) {
            return Optional.empty();
        }
        if (worker.hasAnswer()) {
            queue.answered();
            return Optional.empty();
        }
        Optional<DeliveryOutcome.Deferred> trouble = worker.trouble(queue.hasWork());
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
            return transports.values().stream()
                    .mapToLong(transport -> transport.busy)
                    .sum();
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
            transports.values().forEach(transport -> transport.ready.clear());
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
        while (left > 0 && transports.values().stream().anyMatch(transport -> transport.busy > 0)) {
            left = quiet.awaitNanos(left);
        }
    }
}
