package org.posthorn.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.LocalAccountAdmin;
import org.posthorn.admin.LocalAdmin;
import org.posthorn.admin.LocalAliasAdmin;
import org.posthorn.admin.LocalDkimAdmin;
import org.posthorn.admin.LocalDomainAdmin;
import org.posthorn.admin.LocalQueueAdmin;
import org.posthorn.admin.LocalReportAdmin;
import org.posthorn.admin.http.AdminHandler;
import org.posthorn.admin.http.StatusHandler;
import org.posthorn.config.FileTrouble;
import org.posthorn.delivery.bounce.BounceNotifier;
import org.posthorn.delivery.local.LocalDelivery;
import org.posthorn.delivery.local.LocalDeliveryConfig;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.log.MailLogWriter;
import org.posthorn.net.ListenAddress;
import org.posthorn.protocol.dmarc.DmarcChecker;
import org.posthorn.queue.QueueRunner;
import org.posthorn.reporting.ReportMailer;
import org.posthorn.reporting.SenderNames;
import org.posthorn.server.http.HttpServer;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyException;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.rotation.KeyRotation;
import org.posthorn.signing.rotation.PropagationCheck;
import org.posthorn.zone.Zones;
import org.posthorn.zone.propagation.EveryServerCheck;
import org.posthorn.zone.propagation.RecursionCheck;
import org.posthorn.zone.publish.ZoneKeyPublisher;

/**
 * The running server: its {@link Stores}, the {@link Assembly} in force, and what works on them until the stop. Parts begin in the order
 * in which they need each other and are closed in the opposite one.
 */
final class Server implements Closeable {
    private static final InstantSource CLOCK = InstantSource.system();

    private final Deque<Closeable> parts = new ArrayDeque<>();
    private final InForce inForce = new InForce();
    private final Stores stores;
    private final MailLogWriter log;
    private final Ports ports;
    private final QueueRunner queue;
    private final KeyRotation keyRotation;
    private final HttpServer http;
    private final Loops loops = new Loops();
    private final Reload reload;

    @GuardedBy("this")
    private boolean closed;

    /**
     * Starts the server; when this returns, all ports are up.
     *
     * @param file where the configuration came from, for {@link #reload}
     * @throws IOException a part could not start; those that had are stopped again
     */
    static Server start(Path file, Configuration configuration) throws IOException {
        DataLock lock = configuration.data().lock();
        Deque<Closeable> begun = new ArrayDeque<>(List.of(lock));
        try {
            Server server = new Server(file, configuration, begun);
            server.open(configuration);
            lock.writePid();
            server.log.info(
                    "server", "", "started", "hostname", configuration.hostname(), "data", configuration.data());
            return server;
        } catch (DirectoryException | DkimKeyException e) {
            closeAll(begun, e);
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            closeAll(begun, e);
            throw FileTrouble.ofServer(e);
        } catch (RuntimeException e) {
            closeAll(begun, e);
            throw e;
        }
    }

    private Server(Path file, Configuration configuration, Deque<Closeable> begun) throws IOException {
        stores = Stores.open(configuration, inForce, CLOCK, begun);
        log = stores.log();
        ports = new Ports(
                configuration.known().stream()
                        .flatMap(protocol -> protocol.ports().stream())
                        .toList(),
                port -> inForce.get().handler(port),
                new ConnectionLog(log, stores.metrics(), CLOCK),
                CLOCK);
        inForce.set(new Assembly(configuration, stores, ports::crowded));
        Stores.begin(begun, () -> inForce.get().close());
        queue = queue(configuration);
        Stores.begin(begun, () -> queue.close(inForce.configuration().stopPatience()));
        queue.start();
        stores.reporting()
                .start(
                        new ReportMailer(stores.spool(), () -> inForce.get().signers(), log),
                        () -> inForce.get().resolver(),
                        domain -> new DmarcChecker(inForce.get().resolver()).organizationalDomain(domain));
        keyRotation = Stores.begin(begun, keyRotation());
        keyRotation.start();
        LoginPlaces places =
                Stores.begin(begun, new LoginPlaces(configuration.data().loginPlaces(), stores.guard(), log));
        Stores.begin(begun, () -> ports.stop(inForce.configuration().stopPatience()));
        http = Stores.begin(begun, HttpServer.idle(log));
        reload = new Reload(file, stores, inForce, ports, http, this::sites, keyRotation);
        Gauges.register(stores.metrics(), queue.metrics(), stores.spool(), ports, log);
        watchOver(places);
        parts.addAll(begun);
    }

    /** Takes every port, then begins to serve. */
    private void open(Configuration configuration) throws IOException {
        try (Ports.Change onPorts = ports.prepare(configuration.listen());
                HttpServer.Change onHttp = http.prepare(sites(configuration))) {
            onPorts.commit(inForce.get().tls());
            onHttp.commit();
        }
        inForce.get().warnOfCertificates();
    }

    private QueueRunner queue(Configuration configuration) {
        Outbound outbound = new Outbound(inForce);
        return new QueueRunner(
                stores.spool(),
                configuration.queue(),
                outbound,
                Transports.of(
                        configuration.queue(),
                        stores.reporting()
                                .reading(new LocalDelivery(
                                        stores.mailboxes(), stores::receives, LocalDeliveryConfig.defaults(), log)),
                        outbound),
                new BounceNotifier(configuration.bounce(), stores.directory()::isLocal, stores.spool(), CLOCK, log),
                CLOCK,
                RandomGenerator.getDefault(),
                log);
    }

    /** Where HTTP is served: the admin socket, which stays, and the ports that are configured. */
    private List<HttpServer.Site> sites(Configuration configuration) {
        StatusHandler status = new StatusHandler(new Faults(stores, inForce, ports, loops), stores.metrics()::writeTo);
        List<HttpServer.Site> sites = new ArrayList<>();
        sites.add(new HttpServer.Site(
                new ListenAddress.Unix(stores.opened().data().adminSocket().toAbsolutePath()),
                new AdminHandler(admin(), status)));
        configuration.listen().of(HttpServer.PORT).forEach(address -> sites.add(new HttpServer.Site(address, status)));
        return sites;
    }

    private void watchOver(LoginPlaces places) {
        loops.add("the log's writer", "nothing is logged", log::alive)
                .add("the spool's writer", "no mail is accepted", stores.spool()::writerAlive)
                .add("the spool's maintenance", "its disk fills up", stores.spool()::maintenanceAlive)
                .add("the queue's timer", "nothing deferred is tried again", queue::alive)
                .add("the mailboxes' sync", "no mail is delivered", stores.mailboxes()::syncAlive)
                .add("the mailboxes' upkeep", "changes of other programs are not seen", stores.mailboxes()::upkeepAlive)
                .add("the rotation of DKIM keys", "keys are not rotated", keyRotation::alive)
                .add("reporting", "reports are not counted or sent", stores.reporting()::alive)
                .add("the keeper of login places", "they are lost at a restart", places::alive)
                .add("the admin socket", "commands do not reach the server", http::alive);
    }

    /** Rotates the keys that we have made; those that the configuration names are somebody else's. */
    private KeyRotation keyRotation() {
        return new KeyRotation(
                () -> inForce.configuration().keyRotation(),
                stores.keys(),
                () -> stores.directory().domains().stream()
                        .filter(domain -> !inForce.configuration().signing().names(domain))
                        .toList(),
                new ZoneKeyPublisher(
                        () -> inForce.configuration().zone(),
                        () -> zones(inForce.get()),
                        stores.directory().published()),
                key -> propagation(inForce.get()).look(key),
                CLOCK,
                log);
    }

    private static Zones zones(Assembly now) {
        return new Zones(
                now.resolver(),
                now.configuration().keyRotation().dnsPort(),
                now.configuration().check().timeout());
    }

    private static PropagationCheck propagation(Assembly now) {
        return now.configuration().keyRotation().everyServer()
                ? new EveryServerCheck(now.resolver(), zones(now))
                : new RecursionCheck(now.resolver());
    }

    private AdminApi admin() {
        LocalDirectory directory = stores.directory();
        DkimKeyRing keys = stores.keys();
        return new LocalAdmin(
                this::reload,
                new LocalQueueAdmin(queue.control()),
                new LocalDomainAdmin(directory, directory, keys, this::waitsFor),
                new LocalAccountAdmin(directory, directory, stores.mailboxes()::setAside),
                new LocalAliasAdmin(directory, directory),
                new LocalDkimAdmin(keys, directory::isLocal, this::waitsFor),
                new LocalReportAdmin(
                        stores.reporting().reader(),
                        () -> new SenderNames(inForce.get().resolver(), CLOCK),
                        stores.reporting()::send,
                        CLOCK));
    }

    private String waitsFor(DkimKeyEntry key) {
        return inForce.configuration().signing().names(key.domain())
                ? "nothing: the configuration names the keys of this domain"
                : keyRotation.waitsFor(key);
    }

    /**
     * Reads certificates and configuration again; sessions go on.
     *
     * @return what there is to say about them; empty when all is well
     * @throws AdminException nothing has changed
     */
    synchronized List<String> reload() throws AdminException {
        if (closed) {
            throw new AdminException(AdminException.Kind.CONFLICT, "nothing changed: the server is stopping");
        }
        return reload.run();
    }

    Assembly inForce() {
        return inForce.get();
    }

    Ports ports() {
        return ports;
    }

    HttpServer http() {
        return http;
    }

    /** Stops gracefully: sessions end at their next command, deliveries at their end, what is left when patience is over is cut. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            log.info("server", "", "stopping");
            IOException trouble = new IOException("not everything stopped cleanly");
            closeAll(parts, trouble);
            if (trouble.getSuppressed().length > 0) {
                throw trouble;
            }
        }
    }

    private static void closeAll(Deque<Closeable> parts, Exception trouble) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException | RuntimeException e) {
                trouble.addSuppressed(e);
            }
        }
    }
}
