package org.posthorn.delivery.remote;

import java.io.Closeable;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.Destination;

/**
 * Delivers to other servers by SMTP. Thread-safe: each call of {@link #deliver} has a connection to itself; one that is left over
 * is kept open for a moment for the next call.
 */
public final class RemoteDelivery implements DeliveryAgent, Closeable {
    private final RemoteDeliveryConfig config;
    private final HostFinder finder;
    private final TlsPolicy tlsPolicy;
    private final TlsSessions sessions;
    private final MailLog log;
    private final IdleConnections idle = new IdleConnections();

    /**
     * Makes the agent.
     *
     * @param sessions hears how TLS went at each connection
     * @param random orders hosts of the same preference
     */
    public RemoteDelivery(
            RemoteDeliveryConfig config,
            Resolver resolver,
            TlsPolicy tlsPolicy,
            TlsSessions sessions,
            RandomGenerator random,
            MailLog log) {
        this.config = config;
        this.finder = new HostFinder(resolver, random, config);
        this.tlsPolicy = tlsPolicy;
        this.sessions = sessions;
        this.log = log;
    }

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        try (SmtpDelivery courier =
                new SmtpDelivery(destination.name(), config, finder, tlsPolicy, sessions, idle, log)) {
            for (Optional<Job> job = jobs.next(); job.isPresent(); job = jobs.next()) {
                courier.carry(job.get());
            }
        }
    }

    /** Ends the connections that are kept open; call it after the last delivery. */
    @Override
    public void close() {
        idle.close();
    }
}
