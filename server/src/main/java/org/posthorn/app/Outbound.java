package org.posthorn.app;

import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.posthorn.delivery.remote.RemoteDelivery;
import org.posthorn.delivery.remote.TlsPolicy;
import org.posthorn.delivery.remote.TlsSessions;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.directory.Directory;
import org.posthorn.dns.DnsjavaResolver;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Router;

/** The way out, replaceable while deliveries run: each delivery uses what was in force when it began. Thread-safe. */
final class Outbound implements Router, DeliveryAgent, Closeable {
    /** A resolver, a router and the delivery that belong together. */
    record Way(Resolver resolver, Router router, RemoteDelivery remote) {}

    private final Directory directory;
    private final InstantSource clock;
    private final MailLog log;
    private final Metrics metrics;
    private final TlsSessions sessions;
    private volatile Way way;

    Outbound(
            Configuration configuration,
            Directory directory,
            TlsSessions sessions,
            InstantSource clock,
            MailLog log,
            Metrics metrics) {
        this.sessions = sessions;
        this.directory = directory;
        this.clock = clock;
        this.log = log;
        this.metrics = metrics;
        this.way = way(configuration);
    }

    /** What a configuration asks for, to be used later or not at all. */
    Way prepare(Configuration configuration) {
        return way(configuration);
    }

    void use(Way next) {
        Way before = way;
        way = next;
        before.remote().close();
    }

    /** Takes leave of servers whose connections are kept. */
    @Override
    public void close() throws IOException {
        way.remote().close();
    }

    private Way way(Configuration configuration) {
        Resolver resolver = new DnsjavaResolver(configuration.dns(), clock, metrics);
        return new Way(
                resolver,
                new LocalFirstRouter(directory, configuration.routes(), log),
                new RemoteDelivery(
                        configuration.delivery(),
                        resolver,
                        TlsPolicy.OPPORTUNISTIC,
                        sessions,
                        RandomGenerator.getDefault(),
                        log));
    }

    /** The resolver in force. */
    Resolver resolver() {
        return way.resolver();
    }

    @Override
    public Route route(Address recipient) {
        return way.router().route(recipient);
    }

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        way.remote().deliver(destination, jobs);
    }
}
