package org.posthorn;

import java.io.IOException;
import java.net.InetAddress;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.net.Connection;
import org.posthorn.net.Listener;

/** Counts connections and logs those that go wrong before or outside of a session; sessions log themselves. */
final class ConnectionLog implements Listener.Observer {
    private final MailLog log;
    private final Counter accepted;
    private final Counter refused;
    private final Counter failed;

    ConnectionLog(MailLog log, Metrics metrics) {
        this.log = log;
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
        log.failure(MailLog.Level.ERROR, "server", "", "accept-failed", cause, "service", listener.name());
    }
}
