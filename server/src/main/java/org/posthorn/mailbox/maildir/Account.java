package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final LoadedFolders folders;
    private final Index index;
    private final AccountFeed feed;
    private final AccountSync look;
    private final FreshNames names;
    private final Allowance allowance;

    @GuardedBy("lock")
    private int sessions;

    Account(MaildirStore store, Path home) throws IOException {
        this.store = store;
        this.maildir = home.resolve("Maildir");
        this.tree = new FolderTree(maildir, store.config().maxMailboxes(), store.remover());
        this.allowance = new Allowance(store, this::directories);
        this.index = new Index(home.resolve("index.db"), store.threads(), store.findsCopies(), store.log());
        this.feed =
                new AccountFeed(index, () -> store.now() * 1000, store.config().durable());
        this.look = new AccountSync(this, index);
        this.names = new FreshNames(store);
        FolderContext context = new FolderContext(
                index,
                feed,
                store.bootId(),
                store.log(),
                store::now,
                store.config().maxKeywords(),
                store.config().durable());
        this.folders = new LoadedFolders(lock, tree, context, new ValidityCounter(index, store::now));
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
        feed.require(1);
        lock.lock();
        try {
            folders.forgetIfGone(name);
            tree.create(name, use);
            // What another program has removed under this name.
            index.drop(FolderNames.directory(name));
            feed.created(name);
        } finally {
            lock.unlock();
        }
        sync(maildir);
        feed.announce();
    }

    void delete(MailboxName name) throws IOException, MailboxException {
        List<Path> doomed = new ArrayList<>(1);
        feed.require(1);
        try {
            delete(name, doomed);
        } finally {
            // What is out of its place is gone for everybody, whatever the index says.
            doomed.forEach(store.remover()::remove);
        }
    }

    private void delete(MailboxName name, List<Path> doomed) throws IOException, MailboxException {
        Optional<Folder> folder;
        lock.lock();
        try {
            folder = folders.find(name);
            doomed.add(folder.isPresent() ? removeLoaded(folder.get()) : removeUnloaded(name));
            allowance.deleted(name);
            index.drop(FolderNames.directory(name));
        } finally {
            lock.unlock();
        }
        folder.ifPresentOrElse(Folder::announce, feed::announce);
    }

    @GuardedBy("lock")
    private Path removeUnloaded(MailboxName name) throws IOException, MailboxException {
        Path doomed = tree.remove(name, store.unique());
        feed.deleted(name);
        return doomed;
    }

    /** In one step for who has it open: what is put into it is there before, or refused. */
    @GuardedBy("lock")
    private Path removeLoaded(Folder folder) throws IOException, MailboxException {
        folder.lock.lock();
        try {
            Path doomed = tree.remove(folder.name(), store.unique());
            folders.remove(folder);
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
        feed.require(store.config().maxMailboxes());
        lock.lock();
        try {
            for (FolderTree.Rename rename : tree.renames(from, to)) {
                folders.forgetIfGone(rename.to());
                Optional<Folder> folder = folders.find(rename.from());
                try {
                    rename.run(index, folder);
                } catch (NoSuchFileException e) {
                    // Another program has removed it since the names were read.
                    folders.forgetIfGone(rename.from());
                    tree.changed();
                    throw Folder.nonexistent();
                }
                if (folder.isPresent()) {
                    folders.renamed(folder.get(), rename.from(), rename.to());
                } else {
                    feed.renamed(rename.from(), rename.to());
                }
                tree.renamed(rename);
            }
        } finally {
            lock.unlock();
        }
        sync(maildir);
        feed.announce();
    }

    /** RFC 3501 6.3.5: the messages move to the new mailbox, INBOX stays and is empty; its children stay too. */
    private void renameInbox(MailboxName to) throws IOException, MailboxException {
        create(to, Optional.empty());
        Folder inbox = folders.hold(MailboxName.INBOX);
        try {
            inbox.refresh(true);
            move(inbox, inbox.messages().stream().map(Message::uid).toList(), to);
        } finally {
            folders.release(inbox);
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
        feed.require(1);
        lock.lock();
        try {
            if (!tree.subscribe(name, subscribed)) {
                return;
            }
            feed.subscribed(name, subscribed);
        } finally {
            lock.unlock();
        }
        feed.announce();
    }

    // ---- folders

    LoadedFolders folders() {
        return folders;
    }

    /** Mail was delivered. */
    void arrived(MailboxName name) {
        Optional<Folder> folder = folders.find(name);
        if (folder.isPresent()) {
            folder.get().arrived();
        } else if (feed.isFollowed()) {
            look.delivered(name);
            feed.announce();
        }
    }

    /** Tells the feed what other programs have made and removed; the mailboxes that nobody has open. */
    Map<MailboxName, Path> compareNames() throws IOException {
        lock.lock();
        try {
            Map<MailboxName, Path> all = new HashMap<>(tree.all());
            feed.compareNames(all.keySet());
            all.keySet().removeAll(folders.names());
            return all;
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
        Folder folder = folders.hold(target);
        try {
            return new Transfer(this, source, folder).copy(uids);
        } finally {
            folders.release(folder);
        }
    }

    Copied move(Folder source, List<Long> uids, MailboxName target) throws IOException, MailboxException {
        Folder folder = folders.hold(target);
        try {
            return new Transfer(this, source, folder).move(uids);
        } finally {
            folders.release(folder);
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

    FreshNames names() {
        return names;
    }

    AccountFeed feed() {
        return feed;
    }

    AccountSync look() {
        return look;
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

    boolean isUnused() {
        lock.lock();
        try {
            return sessions == 0 && folders.all().isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The account goes for good: its folders are empty for who has them open. */
    void remove() throws IOException {
        List<Folder> open;
        lock.lock();
        try {
            open = folders.all();
            for (Folder folder : open) {
                folder.removed();
            }
            folders.clear();
            index.close();
        } finally {
            lock.unlock();
        }
        open.forEach(Folder::announce);
        feed.announce();
    }

    /** Saves all that is in memory and closes the index. */
    void close() throws IOException {
        lock.lock();
        try {
            for (Folder folder : folders.all()) {
                folder.save(true);
            }
            feed.park();
            folders.clear();
            index.close();
        } finally {
            lock.unlock();
        }
    }
}
