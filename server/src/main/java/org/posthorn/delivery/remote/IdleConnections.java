package org.posthorn.delivery.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.posthorn.client.smtp.SmtpClientConnection;

/**
 * Keeps connections open for a moment after their last message, in case another for the same destination comes: a TLS
 * handshake costs more than a message. Bounded in number and time; one thread says goodbye to those nobody wanted, and only
 * while there are any. Thread-safe.
 */
final class IdleConnections implements Closeable {
    /** Short enough that no server minds (RFC 5321 4.5.3.2.7 has it wait 5 minutes for a command). */
    private static final Duration KEEP = Duration.ofSeconds(3);

    private static final int MAX_IDLE = 50;

    private record Idle(String destination, SmtpClientConnection connection, long until) {}

    private final Object lock = new Object();
    /** The oldest first. */
    @GuardedBy("lock")
    private final Deque<Idle> idle = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean sweeping;

    @GuardedBy("lock")
    private boolean closed;

    /** A connection to a host of the destination, the one used last; the caller has it to itself now. */
    Optional<SmtpClientConnection> take(String destination) {
        synchronized (lock) {
            Iterator<Idle> newestFirst = idle.descendingIterator();
            while (newestFirst.hasNext()) {
                Idle candidate = newestFirst.next();
                if (candidate.destination.equals(destination)) {
                    newestFirst.remove();
                    return Optional.of(candidate.connection);
                }
            }
            return Optional.empty();
        }
    }

    /** Takes over a connection that has nothing to do for now. */
    void keep(String destination, SmtpClientConnection connection) {
        Optional<Idle> surplus = Optional.empty();
        synchronized (lock) {
            if (closed || !connection.isUsable()) {
                surplus = Optional.of(new Idle(destination, connection, 0));
            } else {
                idle.addLast(new Idle(destination, connection, System.nanoTime() + KEEP.toNanos()));
                if (idle.size() > MAX_IDLE) {
                    surplus = Optional.of(idle.removeFirst());
                }
                if (!sweeping) {
                    sweeping = true;
                    Thread.ofVirtual().name("smtp-idle-connections").start(this::sweep);
                }
            }
        }
        surplus.ifPresent(one -> hangUp(List.of(one)));
    }

    private void sweep() {
        while (true) {
            long wait;
            List<Idle> over = new ArrayList<>();
            synchronized (lock) {
                long now = System.nanoTime();
                while (!idle.isEmpty() && idle.getFirst().until - now <= 0) {
                    over.add(idle.removeFirst());
                }
                if (idle.isEmpty()) {
                    sweeping = false;
                    wait = 0;
                } else {
                    wait = idle.getFirst().until - now;
                }
            }
            hangUp(over);
            if (wait == 0) {
                return;
            }
            try {
                Thread.sleep(Duration.ofNanos(wait));
            } catch (InterruptedException e) {
                // Nobody interrupts this thread on purpose; go on.
            }
        }
    }

    /** QUIT waits for its reply, so each goodbye has a thread of its own. */
    private static void hangUp(List<Idle> over) {
        for (Idle one : over) {
            Thread.ofVirtual().name("smtp-quit").start(one.connection::close);
        }
    }

    /** Says goodbye to all, and waits for that no longer than one QUIT may take. */
    @Override
    public void close() {
        List<Idle> all;
        synchronized (lock) {
            closed = true;
            all = new ArrayList<>(idle);
            idle.clear();
        }
        List<Thread> goodbyes = all.stream()
                .map(one -> Thread.ofVirtual().name("smtp-quit").start(one.connection::close))
                .toList();
        try {
            for (Thread goodbye : goodbyes) {
                goodbye.join(KEEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
