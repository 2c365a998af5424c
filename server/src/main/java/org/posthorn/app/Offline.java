package org.posthorn.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.delivery.bounce.BounceNotifier;
import org.posthorn.delivery.remote.TlsSessions;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mailbox.maildir.FormerMail;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.FileSpool;
import org.posthorn.queue.QueueRunner;
import org.posthorn.reporting.Reporting;
import org.posthorn.server.admin.AdminReply;
import org.posthorn.server.admin.CommandTable;
import org.posthorn.server.admin.DirectoryCommands;
import org.posthorn.server.admin.DkimCommands;
import org.posthorn.server.admin.QueueCommands;
import org.posthorn.server.admin.ReportCommands;
import org.posthorn.signing.DkimKeyException;

/** Administrative commands while the server is down, on its files. */
final class Offline {
    private static final InstantSource CLOCK = InstantSource.system();

    private Offline() {}

    static AdminReply run(Configuration configuration, List<String> words) throws IOException {
        Optional<DataLock> lock = DataLock.take(configuration.data());
        if (lock.isEmpty()) {
            return AdminReply.failed("the server on " + configuration.data()
                    + " does not answer on its admin socket; it is starting, stopping, or belongs to another user");
        }
        Path data = configuration.data();
        try (DataLock _ = lock.get();
                DomainStores stores = DomainStores.open(data, PasswordCost.STANDARD, CLOCK)) {
            LocalDirectory directory = stores.directory();
            CommandTable table =
                    new CommandTable().add("reload", 0, 0, _ -> AdminReply.failed("the server is not running"));
            if (!words.isEmpty() && words.getFirst().equals("queue")) {
                return onQueue(configuration, directory, table, words);
            }
            if (!words.isEmpty() && words.getFirst().equals("report")) {
                return onReports(configuration, table, words);
            }
            DirectoryCommands.addTo(
                    table,
                    directory,
                    directory,
                    stores.keys(),
                    account -> FormerMail.setAside(configuration.maildir().directory(), account, CLOCK.instant())
                            .map(Path::toString));
            DkimCommands.addTo(table, stores.keys(), _ -> "the server to run, which looks into DNS");
            return table.run(words);
        } catch (DirectoryException | DkimKeyException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The mailboxes are not open here, so nothing that an earlier process has delivered is confirmed. */
    private static void neverDurable() throws IOException {
        throw new IOException("the mailboxes are not open");
    }

    /** With a runner that is never started: nothing is delivered, but what is to be delivered can be looked at and changed. */
    private static AdminReply onQueue(
            Configuration configuration, LocalDirectory directory, CommandTable table, List<String> words)
            throws IOException {
        try (FileSpool spool = FileSpool.open(configuration.queue(), Offline::neverDurable, CLOCK, MailLog.none())) {
            DeliveryAgent none = (_, _) -> {};
            Outbound outbound =
                    new Outbound(configuration, directory, TlsSessions.UNHEARD, CLOCK, MailLog.none(), new Metrics());
            try (QueueRunner runner = new QueueRunner(
                    spool,
                    configuration.queue(),
                    outbound,
                    none,
                    none,
                    new BounceNotifier(configuration.bounce(), directory::isLocal, spool, CLOCK, MailLog.none()),
                    CLOCK,
                    RandomGenerator.getDefault(),
                    MailLog.none())) {
                QueueCommands.addTo(table, runner.control());
                return table.run(words);
            }
        }
    }

    /** Nobody's name is looked up, nothing is counted or sent. */
    private static AdminReply onReports(Configuration configuration, CommandTable table, List<String> words)
            throws IOException {
        Metrics metrics = new Metrics();
        try (Reporting reporting = Reporting.open(
                configuration.data().resolve("reports.db"), configuration::reporting, CLOCK, metrics, MailLog.none())) {
            ReportCommands.addTo(table, reporting.reader(), () -> _ -> Optional.empty(), CLOCK);
            ReportCommands.addSending(table, (_, _) -> {
                throw new IOException("reports are sent by the running server, and it is not running");
            });
            return table.run(words);
        }
    }
}
