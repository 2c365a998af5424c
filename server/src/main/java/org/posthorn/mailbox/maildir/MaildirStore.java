package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.storage.DataFormat;
import org.posthorn.storage.FreeSpace;

/** All accounts' Maildirs below one directory. Thread-safe. */
public final class MaildirStore implements MailboxStore {
    /** Of an account's index. */
    public static final DataFormat INDEX = new DataFormat("index", 1, IndexSchema.VERSION);

    /** Of the files beside the mail: Dovecot's uidlist in version 3, its keywords and subscriptions, our special uses. */
    public static final DataFormat FORMAT = new DataFormat("maildir", 1, 1);

    private static final int INDEX_THREADS = 2;
    private static final String DOOMED = ".deleted-";
    /** Accounts in memory that nobody has open: their folders are known, so that a delivery need not look for them. */
    private static final int MAX_IDLE_ACCOUNTS = 1_000;

    /** Changes in memory of all accounts, but for those that somebody has open: about 100 octets each. */
    private static final int MAX_KEPT_CHANGES = 100_000;

    private final MaildirConfig config;
    private final MailLog log;
    private final InstantSource clock;
    private final String instance;
    private final AtomicLong counter = new AtomicLong();

    @GuardedBy("lock")
    private boolean closed;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Address, Account> accounts = new LinkedHashMap<>(64, 0.75f, true);

    private final IndexThreads threads = new IndexThreads(INDEX_THREADS);
    private final BootId bootId = BootId.here();
    private final DurableDeliveries durable;
    private final FreeSpace space;
    private final boolean findsCopies;
    private final SyncThread syncs;
    private final Ground ground;
    private final TreeRemover remover;
    private final MaildirMaintenance upkeep;

    /** Opens the store; makes its directory if it is not there. */
    public MaildirStore(MaildirConfig config, MailLog log, InstantSource clock) throws IOException {
        this(config, log, clock, new FreeSpace(config.directory(), config.reserve()));
    }

    MaildirStore(MaildirConfig config, MailLog log, InstantSource clock, FreeSpace space) throws IOException {
        this.config = config;
        this.log = log;
        this.clock = clock;
        this.instance = Long.toString(System.currentTimeMillis(), 36)
                + Long.toString(ProcessHandle.current().pid(), 36)
                + "_";
        Files.createDirectories(config.directory());
        this.ground = new Ground(config.directory());
        this.remover = new TreeRemover(log);
        Trees.left(config.directory(), DOOMED).forEach(remover::remove);
        this.durable = new DurableDeliveries(config.directory(), config.durable());
        this.findsCopies = Birth.isAsked(config.directory());
        this.space = space;
        this.syncs = new SyncThread(config.directory());
        this.upkeep = new MaildirMaintenance(this::openAccounts, this::unload, log);
    }

    private List<Account> openAccounts() {
        lock.lock();
        try {
            return List.copyOf(accounts.values());
        } finally {
            lock.unlock();
        }
    }

    private void unload() {
        remover.retry();
        for (Account account : openAccounts()) {
            try {
                account.folders().unload(MaildirMaintenance.idleNanos());
            } catch (IOException e) {
                log.failure(MailLog.Level.WARNING, "mailbox", "", "unload-failed", e);
            }
        }
        lock.lock();
        try {
            Iterator<Account> eldest = accounts.values().iterator();
            while (accounts.size() > MAX_IDLE_ACCOUNTS && eldest.hasNext()) {
                Account account = eldest.next();
                if (account.isUnused()) {
                    account.feed().park();
                    eldest.remove();
                }
            }
        } finally {
            lock.unlock();
        }
        forgetChanges();
        threads.tidy();
    }

    /** Of accounts that nobody has open, those last that were used last. */
    void forgetChanges() {
        // Without the lock of the store: an account's feed may be waiting for its index, and others want to be opened
        // meanwhile.
        List<Account> all = openAccounts();
        int kept = 0;
        for (Account account : all) {
            kept += account.feed().size();
        }
        for (Account account : all) {
            if (kept <= MAX_KEPT_CHANGES) {
                return;
            }
            if (account.isUnused()) {
                kept -= account.feed().size();
                account.feed().forget();
            }
        }
    }

    IndexThreads threads() {
        return threads;
    }

    BootId bootId() {
        return bootId;
    }

    MaildirConfig config() {
        return config;
    }

    /** Whether a copy of an account's files, put back, is to be told from the original. */
    boolean findsCopies() {
        return findsCopies;
    }

    /** Watches the disk, whose reserve is the queue's. */
    FreeSpace space() {
        return space;
    }

    /** Whether a user may have so many octets more. */
    boolean hasRoom(long octets) {
        return space.has((MaildirConfig.FOR_USERS - 1) * config.reserve() + octets);
    }

    MailLog log() {
        return log;
    }

    long now() {
        return clock.millis();
    }

    /** Text that no other call gives, in this process or another. */
    String unique() {
        return instance + Long.toString(counter.incrementAndGet(), 36);
    }

    @Override
    public AccountMail open(Address account) throws IOException {
        lock.lock();
        try {
            Account opened = account(account);
            opened.enter();
            return new OpenAccount(opened, config.maxMessage());
        } finally {
            lock.unlock();
        }
    }

    Account account(Address address) throws IOException {
        Address canonical = address.canonical();
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the mailbox store is closed");
            }
            ground.require();
            Account account = accounts.get(canonical);
            if (account == null) {
                account = new Account(this, home(canonical));
                accounts.put(canonical, account);
            }
            return account;
        } finally {
            lock.unlock();
        }
    }

    private Path home(Address address) {
        return config.directory().resolve(FolderNames.account(address));
    }

    @Override
    public void deliver(
            Address account,
            MailboxName mailbox,
            String key,
            byte[] prefix,
            MessageContent content,
            long arrived,
            Flags flags,
            boolean mayBeRepeat)
            throws IOException, MailboxException {
        Account target = account(account);
        if (mayBeRepeat && target.has(key)) {
            return;
        }
        FolderFiles files = target.files(mailbox);
        target.allowance().requireDelivery(mailbox, files);
        Delivery delivery = new Delivery(files, config.host());
        durable.delivered(delivery.deliver(key, prefix, content, arrived, flags, now(), durable.syncsEach()));
        target.arrived(mailbox);
    }

    @Override
    public void makeDurable() throws IOException {
        durable.makeDurable();
    }

    /** Makes a directory's names durable, and a file in it. */
    void sync(Optional<FileChannel> file, Path directory) throws IOException {
        if (config.durable()) {
            syncs.sync(file, directory);
        }
    }

    /** Makes names in a directory durable, and what they name: it may have been delivered a moment ago. */
    void syncCopies(Path directory) throws IOException {
        if (durable.isPending()) {
            durable.makeDurable();
        }
        sync(Optional.empty(), directory);
    }

    @Override
    public void delete(Address account) throws IOException {
        lock.lock();
        try {
            Account known = accounts.remove(account.canonical());
            if (known != null) {
                known.remove();
            }
            Path home = home(account);
            if (Files.exists(home)) {
                Path doomed = config.directory().resolve(DOOMED + unique());
                FolderFiles.rename(home, doomed);
                sync(Optional.empty(), config.directory());
                remover.remove(doomed);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> setAside(Address account) throws IOException {
        lock.lock();
        try {
            Account known = accounts.remove(account.canonical());
            if (known != null) {
                known.remove();
            }
            return FormerMail.setAside(config.directory(), account, clock.instant())
                    .map(Path::toString);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Long> free() {
        // By File: a FileStore is not to be had in a chroot, where the mount point is not to be seen.
        return Files.isDirectory(config.directory())
                ? Optional.of(config.directory().toFile().getUsableSpace())
                : Optional.empty();
    }

    /** Removes mail that nobody finds any more; goes on at the next start with what is left. */
    TreeRemover remover() {
        return remover;
    }

    /** What an administrator should know of: mail that was deleted and lies on the disk still. */
    public List<String> faults() {
        return remover.faults();
    }

    /** False where deliveries can no longer be made durable, since the thread that does it has ended. */
    public boolean syncAlive() {
        return syncs.alive();
    }

    /** False where changes of other programs are no longer seen, since the thread that looks has ended. */
    public boolean upkeepAlive() {
        return upkeep.alive();
    }

    @Override
    public void close() throws IOException {
        upkeep.close();
        remover.close();
        List<Account> open;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(accounts.values());
            accounts.clear();
        } finally {
            lock.unlock();
        }
        for (Account account : open) {
            account.close();
        }
        threads.close();
        syncs.close();
    }
}
