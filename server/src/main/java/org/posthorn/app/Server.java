package org.posthorn.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.LocalAdmin;
import org.posthorn.admin.LocalQueueAdmin;
import org.posthorn.admin.http.AdminHandler;
import org.posthorn.admin.http.StatusHandler;
import org.posthorn.certificates.CertificateException;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.certificates.ServerCertificates;
import org.posthorn.config.ConfigException;
import org.posthorn.config.FileTrouble;
import org.posthorn.delivery.bounce.BounceNotifier;
import org.posthorn.delivery.local.LocalDelivery;
import org.posthorn.delivery.local.LocalDeliveryConfig;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.dns.Resolver;
import org.posthorn.log.LibraryLog;
import org.posthorn.log.LogConfig;
import org.posthorn.log.MailLog;
import org.posthorn.log.MailLogWriter;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.mailbox.maildir.MountNote;
import org.posthorn.net.ListenAddress;
import org.posthorn.protocol.dmarc.DmarcChecker;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.queue.QueueRunner;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.reporting.ReportMailer;
import org.posthorn.reporting.Reporting;
import org.posthorn.reporting.SenderNames;
import org.posthorn.server.admin.CommandTable;
import org.posthorn.server.admin.DirectoryCommands;
import org.posthorn.server.admin.DkimCommands;
import org.posthorn.server.admin.ReportCommands;
import org.posthorn.server.http.HttpServer;
import org.posthorn.server.pop3.Pop3Server;
import org.posthorn.server.pop3.Pop3Services;
import org.posthorn.signing.DkimKeyException;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimSigners;
import org.posthorn.signing.SigningTable;
import org.posthorn.signing.rotation.KeyRotation;
import org.posthorn.signing.rotation.PropagationCheck;
import org.posthorn.storage.OwnerOnly;
import org.posthorn.zone.Zones;
import org.posthorn.zone.propagation.EveryServerCheck;
import org.posthorn.zone.propagation.RecursionCheck;
import org.posthorn.zone.publish.ZoneKeyPublisher;

/**
 * The running server: every part, made in the order in which they need each other and closed in the opposite one. This and the classes
 * beside it are the only wiring.
 */
final class Server implements Closeable {
    private static final InstantSource CLOCK = InstantSource.system();

    private final Path file;
    private final Deque<Closeable> parts = new ArrayDeque<>();
    private final Metrics metrics = new Metrics();
    private final MailLogWriter log;
    private final LocalDirectory directory;
    private final DkimKeyRing keys;
    private final ServerCertificates certificates;
    private final MaildirStore mailboxes;
    private final Loops loops = new Loops();
    private final Outbound outbound;
    private final FileSpool spool;
    private final QueueRunner queue;
    private final SigningTable signing;
    private final DkimSigners signers;
    private final Reporting reporting;
    private final KeyRotation keyRotation;
    private final SaslMechanisms sasl;
    private final LoginGuard guard = new LoginGuard(LoginConfig.DEFAULT, CLOCK);
    private final Pop3Server pop3;
    private final Ports ports;
    private final HttpServer http;
    private volatile Configuration configuration;

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
            return new Server(file, configuration, lock, begun);
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

    private Server(Path file, Configuration configuration, DataLock lock, Deque<Closeable> begun) throws IOException {
        this.file = file;
        this.configuration = configuration;
        DataDirectory data = configuration.data();
        log = begin(begun, openLog(configuration.log()));
        LibraryLog.install(log, configuration.log().libraries());
        DomainStores stores = DomainStores.open(data, PasswordCost.STANDARD, CLOCK);
        begin(begun, stores::close);
        directory = stores.directory();
        keys = stores.keys();
        directory.answersFor(() -> Domain.parse(this.configuration.hostname()));
        certificates = new ServerCertificates(certificates(configuration));
        requireClosed(configuration);
        MountNote mount = new MountNote(data.mailNote(), configuration.maildir().directory());
        mount.require();
        begin(begun, mount::write);
        mailboxes = new MaildirStore(configuration.maildir(), log, CLOCK);
        begin(begun, mailboxes::close);
        spool = begin(begun, FileSpool.open(configuration.queue(), mailboxes::makeDurable, CLOCK, log));
        reporting =
                begin(begun, Reporting.open(data.reports(), () -> this.configuration.reporting(), CLOCK, metrics, log));
        outbound = begin(begun, new Outbound(configuration, directory, reporting, CLOCK, log, metrics));
        signing = new SigningTable(() -> this.configuration.signing(), keys, directory::isLocal);
        signers = new DkimSigners(signing, log);
        queue = new QueueRunner(
                spool,
                configuration.queue(),
                outbound,
                Transports.of(
                        configuration.queue(),
                        reporting.reading(
                                new LocalDelivery(mailboxes, this::receives, LocalDeliveryConfig.defaults(), log)),
                        outbound),
                new BounceNotifier(configuration.bounce(), directory::isLocal, spool, CLOCK, log),
                CLOCK,
                RandomGenerator.getDefault(),
                log);
        begin(begun, () -> queue.close(configuration.stopPatience()));
        queue.start();
        reporting.start(
                new ReportMailer(spool, signers, log),
                outbound::resolver,
                domain -> new DmarcChecker(outbound.resolver()).organizationalDomain(domain));
        keyRotation = begin(begun, keyRotation(configuration));
        keyRotation.start();
        guard.use(configuration.login());
        LoginPlaces places = begin(begun, new LoginPlaces(data.loginPlaces(), guard, log));
        sasl = new SaslMechanisms(directory, new SecureRandom(), directory.saslSecret());
        pop3 = new Pop3Server(
                configuration.pop3(),
                new Pop3Services(mailboxes, sasl, guard, Optional.of(certificates.context()), log));
        ports = new Ports(certificates.context(), new ConnectionLog(log, metrics, CLOCK), CLOCK);
        begin(begun, () -> ports.stop(this.configuration.stopPatience()));
        ports.apply(configuration.listen(), services(outbound.resolver()).all(configuration));
        Gauges.register(metrics, queue.metrics(), spool, ports, log);
        http = begin(begun, HttpServer.start(sites(configuration), log));
        watchOver(places);
        lock.writePid();
        parts.addAll(begun);
        warnOfCertificates(configuration);
        log.info("server", "", "started", "hostname", configuration.hostname(), "data", data);
    }

    private List<HttpServer.Site> sites(Configuration configuration) {
        StatusHandler status = new StatusHandler(this::faults, metrics::writeTo);
        AdminApi admin = new LocalAdmin(this::reload, new LocalQueueAdmin(queue.control()), commands());
        List<HttpServer.Site> sites = new ArrayList<>();
        sites.add(new HttpServer.Site(
                new ListenAddress.Unix(configuration.data().adminSocket().toAbsolutePath()),
                new AdminHandler(admin, status)));
        configuration
                .listen()
                .http()
                .ifPresent(address -> sites.add(new HttpServer.Site(new ListenAddress.Tcp(address), status)));
        return sites;
    }

    private void watchOver(LoginPlaces places) {
        loops.add("the log's writer", "nothing is logged", log::alive)
                .add("the spool's writer", "no mail is accepted", spool::writerAlive)
                .add("the spool's maintenance", "its disk fills up", spool::maintenanceAlive)
                .add("the queue's timer", "nothing deferred is tried again", queue::alive)
                .add("the mailboxes' sync", "no mail is delivered", mailboxes::syncAlive)
                .add("the mailboxes' upkeep", "changes of other programs are not seen", mailboxes::upkeepAlive)
                .add("the rotation of DKIM keys", "keys are not rotated", keyRotation::alive)
                .add("reporting", "reports are not counted or sent", reporting::alive)
                .add("the keeper of login places", "they are lost at a restart", places::alive)
                .add("the admin socket", "commands do not reach the server", http::alive);
    }

    private boolean receives(Address account, Instant arrived) {
        return directory.isAccount(account) && !directory.hasChangedHands(account, arrived);
    }

    private static <T extends Closeable> T begin(Deque<Closeable> begun, T part) {
        begun.push(part);
        return part;
    }

    /** Mailboxes that lie elsewhere, by a symbolic link maybe, need the same of their directory as the others have of the data directory. */
    private static void requireClosed(Configuration configuration) throws IOException {
        Path mail = configuration.maildir().directory();
        if (Files.isDirectory(mail)
                && !mail.toRealPath().startsWith(configuration.data().path().toRealPath())) {
            OwnerOnly.requireOfMailboxes(mail);
        }
    }

    private static MailLogWriter openLog(LogConfig config) throws IOException {
        Optional<Path> folder = config.file().map(Path::toAbsolutePath).map(Path::getParent);
        try {
            if (folder.isPresent()) {
                Files.createDirectories(folder.get());
            }
            return MailLogWriter.open(config);
        } catch (IOException e) {
            throw new IOException("cannot open the log: " + FileTrouble.words(e) + "; see log.file", e);
        }
    }

    private static ServerCertificates.Loaded certificates(Configuration configuration) throws IOException {
        try {
            return ServerCertificates.read(
                    configuration.certificates().isEmpty()
                            ? List.of(new OwnAuthority(configuration.data().ownCertificates(), CLOCK)
                                    .certificateFor(List.of(configuration.hostname(), "localhost", "127.0.0.1", "::1")))
                            : configuration.certificates());
        } catch (CertificateException e) {
            throw new IOException("tls: " + e.getMessage(), e);
        }
    }

    private Services services(Resolver resolver) {
        return new Services(
                directory,
                mailboxes,
                spool,
                signers,
                sasl,
                guard,
                pop3,
                certificates.context(),
                ports::crowded,
                resolver,
                reporting,
                metrics,
                CLOCK,
                log);
    }

    /** Rotates the keys that we have made; those that the configuration names are somebody else's. */
    private KeyRotation keyRotation(Configuration configuration) {
        return new KeyRotation(
                configuration.keyRotation(),
                keys,
                () -> directory.domains().stream()
                        .filter(domain -> !this.configuration.signing().names(domain))
                        .toList(),
                new ZoneKeyPublisher(() -> this.configuration.zone(), this::zones, directory.published()),
                key -> propagation().look(key),
                CLOCK,
                log);
    }

    private Zones zones() {
        return new Zones(
                outbound.resolver(),
                configuration.keyRotation().dnsPort(),
                configuration.check().timeout());
    }

    private PropagationCheck propagation() {
        return configuration.keyRotation().everyServer()
                ? new EveryServerCheck(outbound.resolver(), zones())
                : new RecursionCheck(outbound.resolver());
    }

    private CommandTable commands() {
        CommandTable table = new CommandTable();
        DirectoryCommands.addTo(table, directory, directory, keys, mailboxes::setAside);
        DkimCommands.addTo(
                table,
                keys,
                key -> configuration.signing().names(key.domain())
                        ? "nothing: the configuration names the keys of this domain"
                        : keyRotation.waitsFor(key));
        ReportCommands.addTo(table, reporting.reader(), () -> new SenderNames(outbound.resolver(), CLOCK), CLOCK);
        ReportCommands.addSending(table, reporting::send);
        return table;
    }

    /** What is wrong at present, a line each. */
    private List<String> faults() {
        return Stream.<Supplier<List<String>>>of(
                        spool::faults,
                        () -> Health.spool(configuration.queue().directory()),
                        this::diskFaults,
                        () -> Health.domains(directory.domains()),
                        () -> Health.signingKeys(
                                directory.domains().stream().flatMap(domain -> signing.apply(domain).stream())),
                        () -> Health.withoutKeys(directory.domains().stream().filter(signing::isWithoutKeys)),
                        () -> Health.mailboxes(configuration.maildir().directory()),
                        () -> Health.directory(configuration.data().directory()),
                        () -> Health.keyStates(configuration.data().keyStates()),
                        () -> certificates.faults(configuration.hostname(), CLOCK.instant()),
                        log::faults,
                        loops::faults,
                        ports::faults)
                .flatMap(some -> some.get().stream())
                .toList();
    }

    private List<String> diskFaults() {
        long free = spool.freeOctets();
        return free < configuration.queue().reserve()
                ? List.of("the disk of the spool is full: " + (free >> 20)
                        + " MiB are free; mail is refused with 452 until there is more than queue.reserve")
                : List.of();
    }

    /**
     * Reads certificates and configuration again; sessions go on. All or nothing: every part is made and every port taken before the
     * first is put in force, and what comes after that cannot fail.
     */
    synchronized List<String> reload() throws AdminException {
        log.reopen();
        try {
            Configuration next = ConfigurationCheck.read(file);
            ServerCertificates.Loaded loaded = certificates(next);
            Outbound.Way way = outbound.prepare(next);
            try (Ports.Change change =
                    ports.prepare(next.listen(), services(way.resolver()).all(next))) {
                List<String> remarks = new ArrayList<>(loaded.faults(next.hostname(), CLOCK.instant()));
                List<String> later = configuration.needsRestartFor(next);
                certificates.use(loaded);
                outbound.use(way);
                change.commit();
                configuration = next;
                signers.reload();
                guard.use(next.login());
                keyRotation.use(next.keyRotation());
                warnOfCertificates(next);
                log.info("server", "", "reloaded");
                if (!later.isEmpty()) {
                    remarks.addFirst("at the next start only: " + String.join(", ", later));
                }
                return remarks;
            }
        } catch (ConfigException e) {
            throw refused(String.join("; ", e.complaints()));
        } catch (IOException e) {
            throw refused(FileTrouble.words(e));
        } catch (RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "server", "", "reload-failed", e);
            throw new AdminException(AdminException.Kind.FAILED, "not reloaded, see the log: " + e);
        }
    }

    private AdminException refused(String reason) {
        log.event(MailLog.Level.ERROR, "server", "", "reload-failed", "reason", reason);
        return new AdminException(AdminException.Kind.CONFLICT, "nothing changed: " + reason);
    }

    private void warnOfCertificates(Configuration now) {
        certificates
                .faults(now.hostname(), CLOCK.instant())
                .forEach(fault -> log.warning("server", "", "certificate", "fault", fault));
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
