package org.posthorn.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Deque;
import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.config.FileTrouble;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.log.LibraryLog;
import org.posthorn.log.LogConfig;
import org.posthorn.log.MailLogWriter;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.mailbox.maildir.MountNote;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.reporting.Reporting;
import org.posthorn.server.AccountLocks;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.storage.OwnerOnly;

/**
 * What is opened once and outlasts every reload: the data, the log, and what is remembered of clients.
 *
 * @param opened the configuration at the start, which says where all of it lies until the next one
 */
record Stores(
        Configuration opened,
        InstantSource clock,
        Metrics metrics,
        MailLogWriter log,
        LocalDirectory directory,
        DkimKeyRing keys,
        MaildirStore mailboxes,
        FileSpool spool,
        Reporting reporting,
        LoginGuard guard,
        SaslMechanisms sasl,
        AccountLocks locks) {
    /**
     * Opens all.
     *
     * @param inForce asked for what a reload may change
     * @param begun gets what is to be closed, the last first, also where not all can be opened
     * @throws IOException one of them cannot be opened, in words
     */
    static Stores open(Configuration configuration, InForce inForce, InstantSource clock, Deque<Closeable> begun)
            throws IOException {
        DataDirectory data = configuration.data();
        Metrics metrics = new Metrics();
        MailLogWriter log = begin(begun, openLog(configuration.log()));
        LibraryLog.install(log, configuration.log().libraries());
        DomainStores domains = DomainStores.open(data, PasswordCost.STANDARD, clock);
        begin(begun, domains::close);
        LocalDirectory directory = domains.directory();
        directory.answersFor(() -> Domain.parse(inForce.configuration().hostname()));
        requireClosed(configuration);
        MountNote mount = new MountNote(data.mailNote(), configuration.maildir().directory());
        mount.require();
        begin(begun, mount::write);
        MaildirStore mailboxes = new MaildirStore(configuration.maildir(), log, clock);
        begin(begun, mailboxes::close);
        FileSpool spool = begin(begun, FileSpool.open(configuration.queue(), mailboxes::makeDurable, clock, log));
        Reporting reporting = begin(
                begun,
                Reporting.open(data.reports(), () -> inForce.configuration().reporting(), clock, metrics, log));
        return new Stores(
                configuration,
                clock,
                metrics,
                log,
                directory,
                domains.keys(),
                mailboxes,
                spool,
                reporting,
                new LoginGuard(() -> inForce.configuration().login(), clock),
                new SaslMechanisms(directory, new SecureRandom(), directory.saslSecret()),
                new AccountLocks());
    }

    static <T extends Closeable> T begin(Deque<Closeable> begun, T part) {
        begun.push(part);
        return part;
    }

    /** Whether an account takes a message, or has gone to somebody else since it came. */
    boolean receives(Address account, Instant arrived) {
        return directory.isAccount(account) && !directory.hasChangedHands(account, arrived);
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
}
