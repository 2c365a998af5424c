package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
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

/** All accounts' Maildirs below one directory. Thread-safe. */
public final class MaildirStore implements MailboxStore {
    private final MaildirConfig config;
    private final MailLog log;
    private final InstantSource clock;
    private final String instance;
    private final AtomicLong counter = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Address, Account> accounts = new HashMap<>();

    /** Opens the store; makes its directory if it is not there. */
    public MaildirStore(MaildirConfig config, MailLog log, InstantSource clock) throws IOException {
        this.config = config;
        this.log = log;
        this.clock = clock;
        this.instance = Long.toString(System.currentTimeMillis(), 36)
                + Long.toString(ProcessHandle.current().pid(), 36)
                + "_";
        Files.createDirectories(config.directory());
    }

    MaildirConfig config() {
        return config;
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
        Account opened = account(account);
        opened.enter();
        return new OpenAccount(opened, config.maxMessage());
    }

    private Account account(Address address) throws IOException {
        Address canonical = address.canonical();
        lock.lock();
        try {
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
        Delivery delivery = new Delivery(target.files(mailbox), config.host());
        delivery.deliver(key, prefix, content, arrived, flags, now());
        target.loaded(mailbox).ifPresent(Folder::arrived);
    }

    @Override
    public void makeDurable() throws IOException {}

    void sync(Path path) throws IOException {
        if (config.durable()) {
            FolderFiles.sync(path);
        }
    }

    void sync(FileChannel channel) throws IOException {
        if (config.durable()) {
            channel.force(false);
        }
    }

    @Override
    public void delete(Address account) throws IOException {
        lock.lock();
        try {
            accounts.remove(account.canonical());
            Path home = home(account);
            if (Files.exists(home)) {
                Path doomed = config.directory().resolve(".deleted-" + unique());
                FolderFiles.rename(home, doomed);
                Trees.delete(doomed);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Long> free() {
        try {
            return Optional.of(Files.getFileStore(config.directory()).getUsableSpace());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {}
}
