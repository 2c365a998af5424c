package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.mailbox.Mailbox.Copied;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.SpecialUse;

/** One account's folders, shared by all its sessions. Thread-safe. */
final class Account {
    private final ReentrantLock lock = new ReentrantLock();
    private final MaildirStore store;
    private final Path maildir;
    private final FolderTree tree;

    @GuardedBy("lock")
    private final Map<MailboxName, Folder> loaded = new HashMap<>();

    @GuardedBy("lock")
    private final Map<Folder, Integer> holders = new HashMap<>();

    private final Index index;
    private final ValidityCounter validities;
    private final FolderContext context;
    private final Allowance allowance;

    @GuardedBy("lock")
    private int sessions;

    Account(MaildirStore store, Path home) throws IOException {
        this.store = store;
        this.maildir = home.resolve("Maildir");
        this.tree = new FolderTree(maildir, store.config().maxMailboxes());
        this.allowance = new Allowance(store, this::directories);
        this.index = new Index(home.resolve("index.db"), store.threads(), store.findsCopies(), store.log());
        this.validities = new ValidityCounter(index, store::now);
        this.context = new FolderContext(
                index,
                store.lifetime(),
                store.log(),
                store::now,
                store.config().maxKeywords(),
                store.config().durable());
    }

    // ---- names

    List<MailboxInfo> mailboxes() throws IOException {
        lock.lock();
        try {
            return tree.mailboxes();
        } finally {
            lock.unlock();
        }
    }

    void create(MailboxName name, Optional<SpecialUse> use) throws IOException, MailboxException {
        allowance.requireRoomForNames(Allowance.MAILBOX);
        lock.lock();
        try {
            forgetIfGone(name);
            tree.create(name, use);
            // What another program has removed under this name.
            index.drop(FolderNames.directory(name));
        } finally {
            lock.unlock();
        }
        sync(maildir);
    }

    void delete(MailboxName name) throws IOException, MailboxException {
        Optional<Folder> folder;
        Path doomed;
        lock.lock();
        try {
            String directory = FolderNames.directory(name);
            folder = Optional.ofNullable(loaded.get(name));
            doomed = folder.isPresent() ? removeLoaded(folder.get()) : tree.remove(name, store.unique());
            allowance.deleted(name);
            index.drop(directory);
        } finally {
            lock.unlock();
        }
        folder.ifPresent(Folder::announce);
        Trees.delete(doomed);
    }

    /** In one step for who has it open: what is put into it is there before, or refused. */
    @GuardedBy("lock")
    private Path removeLoaded(Folder folder) throws IOException, MailboxException {
        folder.lock.lock();
        try {
            Path doomed = tree.remove(folder.name(), store.unique());
            loaded.remove(folder.name());
            holders.remove(folder);
            folder.removed();
            return doomed;
        } finally {
            folder.lock.unlock();
        }
    }

    void rename(MailboxName from, MailboxName to) throws IOException, MailboxException {
        if (from.isInbox()) {
            renameInbox(to);
            return;
        }
        lock.lock();
        try {
            for (FolderTree.Rename rename : tree.renames(from, to)) {
                forgetIfGone(rename.to());
                Optional<Folder> folder = Optional.ofNullable(loaded.get(rename.from()));
                try {
                    rename.run(index, folder);
                } catch (NoSuchFileException e) {
                    // Another program has removed it since the names were read.
                    forgetIfGone(rename.from());
                    tree.changed();
                    throw Folder.nonexistent();
                }
                if (folder.isPresent()) {
                    loaded.remove(rename.from());
                    loaded.put(rename.to(), folder.get());
                }
                tree.renamed(rename);
            }
        } finally {
            lock.unlock();
        }
        sync(maildir);
    }

    /** RFC 3501 6.3.5: the messages move to the new mailbox, INBOX stays and is empty; its children stay too. */
    private void renameInbox(MailboxName to) throws IOException, MailboxException {
        create(to, Optional.empty());
        Folder inbox = hold(MailboxName.INBOX);
        try {
            inbox.refresh(true);
            move(inbox, inbox.messages().stream().map(Message::uid).toList(), to);
        } finally {
            release(inbox);
        }
    }

    Set<MailboxName> subscriptions() throws IOException {
        lock.lock();
        try {
            return tree.subscriptions();
        } finally {
            lock.unlock();
        }
    }

    void subscribe(MailboxName name, boolean subscribed) throws IOException, MailboxException {
        if (subscribed) {
            allowance.requireRoomForNames(Allowance.SUBSCRIPTION);
        }
        lock.lock();
        try {
            tree.subscribe(name, subscribed);
        } finally {
            lock.unlock();
        }
    }

    // ---- folders

    /** A folder, loaded and up to date; to be given back with {@link #release}. */
    Folder hold(MailboxName name) throws IOException, MailboxException {
        lock.lock();
        try {
            forgetIfGone(name);
            Folder folder = loaded.get(name);
            if (folder == null) {
                Path directory = tree.directory(name);
                complete(FolderFiles.of(directory));
                folder = load(name, directory);
                loaded.put(name, folder);
            }
            holders.merge(folder, 1, Integer::sum);
            folder.used();
            return folder;
        } finally {
            lock.unlock();
        }
    }

    /** So that what is made under this name is not taken for a mailbox that another program has removed. */
    @GuardedBy("lock")
    private void forgetIfGone(MailboxName name) throws IOException {
        Folder folder = loaded.get(name);
        if (folder != null && !folder.files().areDirectories()) {
            forget(folder);
        } else if (folder != null && folder.look.isStopped()) {
            // It was removed, and another program has put something in its place since.
            forget(folder);
            index.drop(folder.directory());
        }
    }

    /** Makes what is missing of a mailbox that is there. */
    private void complete(FolderFiles files) throws IOException, MailboxException {
        try {
            files.create();
        } catch (FileAlreadyExistsException e) {
            if (FolderFiles.isDirectory(files.folder())) {
                throw e;
            }
            // There was a directory of the name a moment ago; another program has removed it.
            tree.changed();
            throw Folder.nonexistent();
        }
        if (!files.areDirectories()) {
            throw new MailboxException(MailboxException.Reason.CANNOT, "A directory of the mailbox is a symbolic link");
        }
    }

    private Folder load(MailboxName name, Path directory) throws IOException, MailboxException {
        try {
            return new Folder(name, directory, context, validities::next);
        } catch (NoSuchFileException e) {
            if (FolderFiles.of(directory).areDirectories()) {
                throw e;
            }
            // Removed by another program at this very moment.
            tree.changed();
            throw Folder.nonexistent();
        }
    }

    /** Another program has removed the folder, or put something else in its place. */
    @GuardedBy("lock")
    private void forget(Folder folder) throws IOException {
        folder.save(false);
        loaded.remove(folder.name());
        holders.remove(folder);
        folder.removed();
        tree.changed();
    }

    void release(Folder folder) {
        lock.lock();
        try {
            folder.used();
            holders.computeIfPresent(folder, (f, count) -> count > 1 ? count - 1 : null);
        } finally {
            lock.unlock();
        }
    }

    /** The folder when somebody has it open. */
    Optional<Folder> loaded(MailboxName name) {
        lock.lock();
        try {
            return Optional.ofNullable(loaded.get(name));
        } finally {
            lock.unlock();
        }
    }

    /** Where deliveries into this mailbox go. */
    FolderFiles files(MailboxName name) throws IOException, MailboxException {
        lock.lock();
        try {
            return FolderFiles.of(tree.directory(name));
        } finally {
            lock.unlock();
        }
    }

    /** Whether a message delivered under this key lies in any folder, whole; one that a crash has cut off is removed. */
    boolean has(String key) throws IOException {
        String unique = FileName.unique(key);
        boolean found = false;
        for (Path folder : directories()) {
            found |= FolderFiles.of(folder).hasWhole(unique);
        }
        return found;
    }

    Copied copy(Folder source, List<Long> uids, MailboxName target) throws IOException, MailboxException {
        Folder folder = hold(target);
        try {
            return new Transfer(this, source, folder).copy(uids);
        } finally {
            release(folder);
        }
    }

    Copied move(Folder source, List<Long> uids, MailboxName target) throws IOException, MailboxException {
        Folder folder = hold(target);
        try {
            return new Transfer(this, source, folder).move(uids);
        } finally {
            release(folder);
        }
    }

    // ---- for folders, transfers and appenders

    long now() {
        return store.now();
    }

    Allowance allowance() {
        return allowance;
    }

    private List<Path> directories() throws IOException {
        lock.lock();
        try {
            return tree.directories();
        } finally {
            lock.unlock();
        }
    }

    String freshBase() {
        return store.now() / 1000 + "." + store.unique() + "." + store.config().host();
    }

    String freshBase(String key, long fileSize, long size) {
        String unique = key.isEmpty() ? FileName.APPENDED + store.unique() : key + "-" + store.unique();
        return store.now() / 1000 + "." + unique + "." + store.config().host() + ",S=" + fileSize + ",W=" + size;
    }

    /** Makes a directory's names durable. */
    void sync(Path directory) throws IOException {
        store.sync(Optional.empty(), directory);
    }

    /** Makes names in a folder durable, and the messages under them. */
    void syncCopies(Folder folder) throws IOException {
        boolean _ = folder.inPlace(there -> {
            store.syncCopies(there.cur());
            return true;
        });
    }

    /** Makes a file and its name in a folder durable. */
    void sync(FileChannel file, Folder folder) throws IOException {
        boolean _ = folder.inPlace(there -> {
            store.sync(Optional.of(file), there.cur());
            return true;
        });
    }

    // ---- sessions and upkeep

    void enter() {
        lock.lock();
        try {
            sessions++;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            sessions--;
        } finally {
            lock.unlock();
        }
    }

    /** Folders in memory, at this moment. */
    List<Folder> folders() {
        lock.lock();
        try {
            return List.copyOf(loaded.values());
        } finally {
            lock.unlock();
        }
    }

    /** Takes folders out of memory that nobody has open and nobody has used for a while. */
    void unload(long idleNanos) throws IOException {
        lock.lock();
        try {
            for (Folder folder : List.copyOf(loaded.values())) {
                if (!holders.containsKey(folder) && folder.isIdle(idleNanos)) {
                    // The index works in order: who loads the folder next sees what is saved here.
                    folder.save(false);
                    loaded.remove(folder.name());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isUnused() {
        lock.lock();
        try {
            return sessions == 0 && loaded.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The account goes for good: its folders are empty for who has them open. */
    void remove() throws IOException {
        List<Folder> open;
        lock.lock();
        try {
            open = List.copyOf(loaded.values());
            for (Folder folder : open) {
                folder.removed();
            }
            loaded.clear();
            index.close();
        } finally {
            lock.unlock();
        }
        open.forEach(Folder::announce);
    }

    /** Saves all that is in memory and closes the index. */
    void close() throws IOException {
        lock.lock();
        try {
            for (Folder folder : loaded.values()) {
                folder.save(true);
            }
            loaded.clear();
            index.close();
        } finally {
            lock.unlock();
        }
    }
}
