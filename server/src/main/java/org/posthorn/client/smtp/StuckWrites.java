package org.posthorn.client.smtp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.net.Connection;

/**
 * Cuts connections whose peer takes no bytes: a socket's time limit is for reads only. One thread looks once a second, and only
 * while there are connections. Thread-safe.
 */
final class StuckWrites {
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Map<Connection, Duration> WATCHED = new ConcurrentHashMap<>();
    private static final Object LOCK = new Object();

    @GuardedBy("LOCK")
    private static boolean running;

    private StuckWrites() {}

    static void watch(Connection connection, Duration limit) {
        synchronized (LOCK) {
            WATCHED.put(connection, limit);
            if (!running) {
                running = true;
                Thread.ofVirtual().name("smtp-stuck-writes").start(StuckWrites::sweep);
            }
        }
    }

    static void forget(Connection connection) {
        WATCHED.remove(connection);
    }

    private static void sweep() {
        while (true) {
            try {
                Thread.sleep(SWEEP);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread on purpose; go on.
            }
            WATCHED.forEach((connection, limit) -> {
                if (connection.stuckWriting().compareTo(limit) > 0) {
                    WATCHED.remove(connection);
                    connection.closeRaw();
                }
            });
            synchronized (LOCK) {
                if (WATCHED.isEmpty()) {
                    running = false;
                    return;
                }
            }
        }
    }
}
