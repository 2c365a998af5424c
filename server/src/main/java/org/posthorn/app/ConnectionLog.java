package org.posthorn.app;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.net.Connection;
import org.posthorn.net.Listener;

/** Counts connections and logs those that go wrong before or outside of a session; sessions log themselves. */
final class ConnectionLog implements Listener.Observer {
    /** A listener that cannot take connections tries ten times a second. */
    private static final long QUIET_MILLIS = Duration.ofSeconds(10).toMillis();

    private final MailLog log;
    private final InstantSource clock;
    private final Map<String, Long> told = new ConcurrentHashMap<>();
    private final Counter accepted;
    private final Counter refused;
    private final Counter failed;

    ConnectionLog(MailLog log, Metrics metrics, InstantSource clock) {
        this.log = log;
        this.clock = clock;
        this.accepted = metrics.counter("posthorn_connections", "Connections accepted, by service", "service");
        this.refused = metrics.counter("posthorn_connections_refused", "Connections turned away", "service");
        this.failed = metrics.counter("posthorn_sessions_failed", "Sessions ended by a defect", "service");
    }

    @Override
    public void accepted(Listener.Settings listener, Connection connection) {
        accepted.increment(listener.name());
    }

    @Override
    public void refused(Listener.Settings listener, InetAddress client, String reason) {
        refused.increment(listener.name());
        log.warning(
                "server",
                "",
                "refused",
                "service",
                listener.name(),
                "client",
                client.getHostAddress(),
                "reason",
                reason);
    }

    @Override
    public void handshakeFailed(Listener.Settings listener, Connection connection, IOException cause) {
        log.info(
                "server",
                connection.id(),
                "tls-failed",
                "service",
                listener.name(),
                "client",
                connection.peer(),
                "reason",
                String.valueOf(cause.getMessage()));
    }

    @Override
    public void sessionFailed(Listener.Settings listener, Connection connection, Throwable cause) {
        failed.increment(listener.name());
        log.failure(
                MailLog.Level.ERROR,
                "server",
                connection.id(),
                "session-failed",
                cause,
                "service",
                listener.name(),
                "client",
                connection.peer());
    }

    @Override
    public void closed(Listener.Settings listener, Connection connection) {}

    @Override
    public void acceptFailed(Listener.Settings listener, Exception cause) {
        long now = clock.millis();
        Long before = told.get(listener.name());
        if (before != null && now >= before && now - before < QUIET_MILLIS) {
            return;
        }
        told.put(listener.name(), now);
        if (cause instanceof IOException) {
            log.event(
                    MailLog.Level.ERROR,
                    "server",
                    "",
                    "accept-failed",
                    "service",
                    listener.name(),
                    "reason",
                    String.valueOf(cause.getMessage()),
                    "remedy",
                    "connections wait; where too many files are open, raise the limit (LimitNOFILE= of systemd, ulimit -n)");
        } else {
            log.failure(MailLog.Level.ERROR, "server", "", "accept-failed", cause, "service", listener.name());
        }
    }
}
