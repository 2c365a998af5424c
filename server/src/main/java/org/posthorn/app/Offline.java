package org.posthorn.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.AliasAdmin;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.admin.DomainAdmin;
import org.posthorn.admin.LocalAccountAdmin;
import org.posthorn.admin.LocalAliasAdmin;
import org.posthorn.admin.LocalDkimAdmin;
import org.posthorn.admin.LocalDomainAdmin;
import org.posthorn.admin.LocalQueueAdmin;
import org.posthorn.admin.LocalReportAdmin;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.admin.ReportAdmin;
import org.posthorn.delivery.bounce.BounceNotifier;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mailbox.maildir.FormerMail;
import org.posthorn.queue.QueueRunner;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.reporting.Reporting;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyException;

/** Administration while the server is down, on its files, of which each part is opened when it is asked for. One thread at a time. */
final class Offline implements AdminApi {
    private static final InstantSource CLOCK = InstantSource.system();

    private final Configuration configuration;
    private final Deque<Closeable> open = new ArrayDeque<>();
    private Optional<DomainStores> stores = Optional.empty();
    private Optional<QueueAdmin> queue = Optional.empty();
    private Optional<ReportAdmin> reports = Optional.empty();

    private Offline(Configuration configuration, DataLock lock) {
        this.configuration = configuration;
        open.push(lock);
    }

    /**
     * Takes the data directory.
     *
     * @throws AdminException a server has it
     */
    static AdminApi open(Configuration configuration) throws AdminException, IOException {
        DataLock lock = configuration
                .data()
                .tryLock()
                .orElseThrow(
                        () -> new AdminException(
                                AdminException.Kind.BUSY,
                                "the server on " + configuration.data()
                                        + " does not answer on its admin socket; it is starting, stopping, or belongs to another user"));
        return new Offline(configuration, lock);
    }

    @Override
    public List<String> reload() throws AdminException {
        throw new AdminException(AdminException.Kind.CONFLICT, "the server is not running");
    }

    private DomainStores stores() throws IOException {
        if (stores.isEmpty()) {
            try {
                DomainStores opened = DomainStores.open(configuration.data(), PasswordCost.STANDARD, CLOCK);
                open.push(opened::close);
                stores = Optional.of(opened);
            } catch (DirectoryException | DkimKeyException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        return stores.get();
    }

    @Override
    public DomainAdmin domains() throws IOException {
        LocalDirectory directory = stores().directory();
        return new LocalDomainAdmin(directory, directory, stores().keys(), Offline::waitsFor);
    }

    @Override
    public AccountAdmin accounts() throws IOException {
        LocalDirectory directory = stores().directory();
        return new LocalAccountAdmin(
                directory,
                directory,
                account -> FormerMail.setAside(configuration.maildir().directory(), account, CLOCK.instant())
                        .map(Path::toString));
    }

    @Override
    public AliasAdmin aliases() throws IOException {
        return new LocalAliasAdmin(stores().directory(), stores().directory());
    }

    @Override
    public DkimAdmin dkim() throws IOException {
        return new LocalDkimAdmin(stores().keys(), stores().directory()::isLocal, Offline::waitsFor);
    }

    private static String waitsFor(DkimKeyEntry key) {
        return "the server to run, which looks into DNS";
    }

    /** The mailboxes are not open here, so nothing that an earlier process has delivered is confirmed. */
    private static void neverDurable() throws IOException {
        throw new IOException("the mailboxes are not open");
    }

    /** With a runner that is never started: nothing is delivered, but what is to be delivered can be looked at and changed. */
    @Override
    public QueueAdmin queue() throws IOException {
        if (queue.isEmpty()) {
            LocalDirectory local = stores().directory();
            FileSpool spool = FileSpool.open(configuration.queue(), Offline::neverDurable, CLOCK, MailLog.none());
            open.push(spool);
            QueueRunner runner = new QueueRunner(
                    spool,
                    configuration.queue(),
                    new LocalFirstRouter(local, configuration.routes(), MailLog.none()),
                    List.of(),
                    new BounceNotifier(configuration.bounce(), local::isLocal, spool, CLOCK, MailLog.none()),
                    CLOCK,
                    RandomGenerator.getDefault(),
                    MailLog.none());
            open.push(runner);
            queue = Optional.of(new LocalQueueAdmin(runner.control()));
        }
        return queue.get();
    }

    /** Nobody's name is looked up, nothing is counted or sent. */
    @Override
    public ReportAdmin reports() throws IOException {
        if (reports.isEmpty()) {
            Reporting reporting = Reporting.open(
                    configuration.data().reports(), configuration::reporting, CLOCK, new Metrics(), MailLog.none());
            open.push(reporting);
            reports = Optional.of(new LocalReportAdmin(
                    reporting.reader(),
                    () -> _ -> Optional.empty(),
                    (_, _) -> {
                        throw new IOException("reports are sent by the running server, and it is not running");
                    },
                    CLOCK));
        }
        return reports.get();
    }

    @Override
    public void close() throws IOException {
        IOException trouble = new IOException("not everything was closed");
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException | RuntimeException e) {
                trouble.addSuppressed(e);
            }
        }
        if (trouble.getSuppressed().length > 0) {
            throw trouble;
        }
    }
}
