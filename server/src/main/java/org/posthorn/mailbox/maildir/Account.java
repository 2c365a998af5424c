package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.mailbox.Mailbox.Copied;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxException.Reason;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.SpecialUse;

/** One account's folders, shared by all its sessions. Thread-safe. */
final class Account {
    private static final Map<String, SpecialUse> USUAL = new TreeMap<>(Map.of(
            "Drafts", SpecialUse.DRAFTS,
            "Junk", SpecialUse.JUNK,
            "Sent", SpecialUse.SENT,
            "Trash", SpecialUse.TRASH,
            "Archive", SpecialUse.ARCHIVE));

    private final ReentrantLock lock = new ReentrantLock();
    private final MaildirStore store;
    private final Path maildir;
    private final FolderList list;
    private final Subscriptions subscriptions;
    private final SpecialUses uses;
    private final Map<MailboxName, Folder> loaded = new HashMap<>();
    private final Map<Folder, Integer> holders = new HashMap<>();
    private int sessions;
    private final Index index;
    private final FolderContext context;
    private long lastValidity;

    Account(MaildirStore store, Path home) throws IOException {
        this.store = store;
        this.index = new Index(home.resolve("index.db"), store.threads(), store.log());
        this.context = new FolderContext(
                index,
                store.lifetime(),
                store.log(),
                store::now,
                store.config().maxKeywords(),
                store.config().durable());
        this.maildir = home.resolve("Maildir");
        this.list = new FolderList(maildir);
        this.subscriptions = new Subscriptions(maildir);
        this.uses = new SpecialUses(maildir);
        boolean isNew = !Files.isDirectory(maildir.resolve("cur"));
        FolderFiles.of(maildir).create();
        if (!uses.read()) {
            addUsual(isNew);
        }
    }

    /** The usual mailboxes: made in a new Maildir, recognised by their names in one that another program made. */
    private void addUsual(boolean make) throws IOException {
        Set<MailboxName> subscribed = subscriptions.all();
        for (Map.Entry<String, SpecialUse> usual : USUAL.entrySet()) {
            MailboxName name = new MailboxName(List.of(usual.getKey()));
            if (make) {
                makeDirectory(name);
                subscribed.add(name);
            }
            if (list.find(name).isPresent()) {
                uses.put(usual.getValue(), name);
            }
        }
        if (make) {
            subscribed.add(MailboxName.INBOX);
            subscriptions.write(subscribed);
        }
        uses.write();
    }

    private void makeDirectory(MailboxName name) throws IOException {
        Path directory = list.place(name);
        FolderFiles.of(directory).create();
        Path marker = directory.resolve("maildirfolder");
        if (!Files.exists(marker)) {
            Files.createFile(marker);
        }
        list.changed();
    }

    // ---- names

    List<MailboxInfo> mailboxes() throws IOException {
        lock.lock();
        try {
            Set<MailboxName> subscribed = subscriptions.all();
            Map<MailboxName, MailboxInfo> infos = new TreeMap<>();
            for (MailboxName name : list.all().keySet()) {
                infos.put(name, new MailboxInfo(name, true, uses.of(name), subscribed.contains(name)));
                for (int depth = name.levels().size() - 1; depth > 0; depth--) {
                    MailboxName parent = new MailboxName(name.levels().subList(0, depth));
                    infos.putIfAbsent(
                            parent,
                            new MailboxInfo(
                                    parent,
                                    list.all().containsKey(parent),
                                    uses.of(parent),
                                    subscribed.contains(parent)));
                }
            }
            List<MailboxInfo> all = new ArrayList<>(infos.size());
            all.add(java.util.Objects.requireNonNull(infos.remove(MailboxName.INBOX)));
            all.addAll(infos.values());
            return all;
        } finally {
            lock.unlock();
        }
    }

    void create(MailboxName name, Optional<SpecialUse> use) throws IOException, MailboxException {
        lock.lock();
        try {
            if (list.find(name).isPresent()) {
                throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
            }
            checkName(name);
            if (use.isPresent() && uses.isTaken(use.get())) {
                throw new MailboxException(Reason.CANNOT, "Another mailbox has this special use");
            }
            // RFC 3501 6.3.3: superior names SHOULD be made as well; in Maildir++ they need not exist.
            makeDirectory(name);
            if (use.isPresent()) {
                uses.put(use.get(), name);
                uses.write();
            }
            sync(maildir);
        } finally {
            lock.unlock();
        }
    }

    private void checkName(MailboxName name) throws IOException, MailboxException {
        if (FolderNames.directory(name).length() > 255
                || FolderNames.mailbox(FolderNames.directory(name)).isEmpty()) {
            throw new MailboxException(Reason.CANNOT, "Mailbox name is too long");
        }
        if (list.all().size() >= store.config().maxMailboxes()) {
            throw new MailboxException(Reason.LIMIT, "Too many mailboxes");
        }
    }

    void delete(MailboxName name) throws IOException, MailboxException {
        lock.lock();
        try {
            if (name.isInbox()) {
                throw new MailboxException(Reason.CANNOT, "INBOX cannot be deleted");
            }
            Optional<Path> directory = list.find(name);
            if (directory.isEmpty()) {
                throw list.hasChildren(name)
                        ? new MailboxException(Reason.HAS_CHILDREN, "Mailbox is only a level above others")
                        : nonexistent();
            }
            Folder folder = loaded.remove(name);
            if (folder != null) {
                holders.remove(folder);
            }
            // Two dots at the start: no mailbox for us, Dovecot or Courier.
            Path doomed = maildir.resolve("..deleted-" + store.unique());
            FolderFiles.rename(directory.get(), doomed);
            list.changed();
            uses.remove(name);
            if (folder != null) {
                folder.removed();
                folder.announce();
            }
            Trees.delete(doomed);
        } finally {
            lock.unlock();
        }
    }

    void rename(MailboxName from, MailboxName to) throws IOException, MailboxException {
        lock.lock();
        try {
            if (list.find(to).isPresent()) {
                throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
            }
            checkName(to);
            if (from.isInbox()) {
                renameInbox(to);
                return;
            }
            if (to.isBelow(from)) {
                throw new MailboxException(Reason.CANNOT, "A mailbox cannot become its own child");
            }
            Map<MailboxName, Path> tree = list.tree(from);
            if (tree.isEmpty()) {
                throw nonexistent();
            }
            Map<MailboxName, MailboxName> renames = new TreeMap<>();
            for (MailboxName old : tree.keySet()) {
                MailboxName target = below(old, from, to);
                if (list.find(target).isPresent()) {
                    throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists: " + target);
                }
                checkName(target);
                renames.put(old, target);
            }
            for (Map.Entry<MailboxName, Path> old : tree.entrySet()) {
                renameOne(old.getKey(), old.getValue(), renames.getOrDefault(old.getKey(), to));
            }
            sync(maildir);
        } finally {
            list.changed();
            lock.unlock();
        }
    }

    private static MailboxName below(MailboxName name, MailboxName from, MailboxName to) throws MailboxException {
        List<String> levels = new ArrayList<>(to.levels());
        levels.addAll(name.levels().subList(from.levels().size(), name.levels().size()));
        try {
            return new MailboxName(levels);
        } catch (IllegalArgumentException e) {
            throw new MailboxException(Reason.CANNOT, "Mailbox name is too deep");
        }
    }

    private void renameOne(MailboxName from, Path directory, MailboxName to) throws IOException {
        Folder folder = loaded.remove(from);
        Path target = list.place(to);
        if (folder == null) {
            FolderFiles.rename(directory, target);
        } else {
            folder.rename(to, target);
            loaded.put(to, folder);
        }
        uses.rename(from, to);
    }

    /** RFC 3501 6.3.5: the messages move to the new mailbox, INBOX stays and is empty; its children stay too. */
    private void renameInbox(MailboxName to) throws IOException, MailboxException {
        makeDirectory(to);
        Folder inbox = hold(MailboxName.INBOX);
        try {
            inbox.refresh(true);
            List<Long> uids = inbox.messages().stream().map(m -> m.uid()).toList();
            move(inbox, uids, to);
        } finally {
            release(inbox);
        }
    }

    Set<MailboxName> subscriptions() throws IOException {
        lock.lock();
        try {
            return subscriptions.all();
        } finally {
            lock.unlock();
        }
    }

    void subscribe(MailboxName name, boolean subscribed) throws IOException {
        lock.lock();
        try {
            subscriptions.change(name, subscribed);
        } finally {
            lock.unlock();
        }
    }

    // ---- folders

    /** A folder, loaded and up to date; to be given back with {@link #release}. */
    Folder hold(MailboxName name) throws IOException, MailboxException {
        lock.lock();
        try {
            Folder folder = loaded.get(name);
            if (folder == null) {
                Path directory = list.find(name).orElseThrow(Account::nonexistent);
                FolderFiles.of(directory).create();
                folder = new Folder(name, directory, context, this::nextValidity);
                loaded.put(name, folder);
            }
            holders.merge(folder, 1, Integer::sum);
            folder.used();
            return folder;
        } finally {
            lock.unlock();
        }
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
            return FolderFiles.of(list.find(name).orElseThrow(Account::nonexistent));
        } finally {
            lock.unlock();
        }
    }

    /** Whether a message delivered under this key lies in any folder, whole; one that a crash has cut off is removed. */
    boolean has(String key) throws IOException {
        String unique = FileName.unique(key);
        List<Path> folders;
        lock.lock();
        try {
            folders = List.copyOf(list.all().values());
        } finally {
            lock.unlock();
        }
        boolean found = false;
        for (Path folder : folders) {
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

    /** UIDVALIDITY ascends over the whole account: seconds since 1970, or more. */
    private long nextValidity() {
        lastValidity = Math.max(Math.max(lastValidity, lastSavedValidity()) + 1, now() / 1000);
        return lastValidity;
    }

    private long lastSavedValidity() {
        try {
            return index.lastValidity();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MailboxException nonexistent() {
        return new MailboxException(Reason.NONEXISTENT, "No such mailbox");
    }

    // ---- for folders, transfers and appenders

    long now() {
        return store.now();
    }

    String freshBase() {
        return store.now() / 1000 + "." + store.unique() + "." + store.config().host();
    }

    String freshBase(String key, long fileSize, long size) {
        String unique = key.isEmpty() ? "A" + store.unique() : key + "-" + store.unique();
        return store.now() / 1000 + "." + unique + "." + store.config().host() + ",S=" + fileSize + ",W=" + size;
    }

    void sync(Path path) throws IOException {
        store.sync(path);
    }

    void sync(FileChannel channel) throws IOException {
        store.sync(channel);
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
        lock.lock();
        try {
            for (Folder folder : loaded.values()) {
                folder.removed();
                folder.announce();
            }
            loaded.clear();
            index.close();
        } finally {
            lock.unlock();
        }
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
