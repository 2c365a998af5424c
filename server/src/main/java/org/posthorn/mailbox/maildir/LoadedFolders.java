package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;

/** The folders of an account that are in memory, and how many hold each. Thread-safe, by the account's lock. */
final class LoadedFolders {
    private final ReentrantLock lock;
    private final FolderTree tree;
    private final FolderContext context;
    private final ValidityCounter validities;

    @GuardedBy("lock")
    private final Map<MailboxName, Folder> loaded = new HashMap<>();

    @GuardedBy("lock")
    private final Map<Folder, Integer> holders = new HashMap<>();

    LoadedFolders(ReentrantLock lock, FolderTree tree, FolderContext context, ValidityCounter validities) {
        this.lock = lock;
        this.tree = tree;
        this.context = context;
        this.validities = validities;
    }

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

    void release(Folder folder) {
        lock.lock();
        try {
            folder.used();
            holders.computeIfPresent(folder, (f, count) -> count > 1 ? count - 1 : null);
        } finally {
            lock.unlock();
        }
    }

    /** So that what is made under this name is not taken for a mailbox that another program has removed. */
    void forgetIfGone(MailboxName name) throws IOException {
        lock.lock();
        try {
            Folder folder = loaded.get(name);
            if (folder != null && !folder.files().areDirectories()) {
                forget(folder);
            } else if (folder != null && folder.look.isStopped()) {
                // It was removed, and another program has put something in its place since.
                forget(folder);
                context.index().drop(folder.directory());
            }
        } finally {
            lock.unlock();
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

    /** The folder when it is in memory. */
    Optional<Folder> find(MailboxName name) {
        lock.lock();
        try {
            return Optional.ofNullable(loaded.get(name));
        } finally {
            lock.unlock();
        }
    }

    /** All of them, at this moment. */
    List<Folder> all() {
        lock.lock();
        try {
            return List.copyOf(loaded.values());
        } finally {
            lock.unlock();
        }
    }

    Set<MailboxName> names() {
        lock.lock();
        try {
            return Set.copyOf(loaded.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** It is deleted: whoever still has it open keeps an empty one. */
    void remove(Folder folder) {
        lock.lock();
        try {
            loaded.remove(folder.name());
            holders.remove(folder);
        } finally {
            lock.unlock();
        }
    }

    void renamed(Folder folder, MailboxName from, MailboxName to) {
        lock.lock();
        try {
            loaded.remove(from);
            loaded.put(to, folder);
        } finally {
            lock.unlock();
        }
    }

    /** Drops folders that nobody has used for a while. */
    void unload(long idleNanos) throws IOException {
        for (Folder folder : all()) {
            if (folder.isIdle(idleNanos)) {
                unloadIfFree(folder);
            }
        }
    }

    /** Drops a folder that nobody holds. */
    void unloadIfFree(Folder folder) throws IOException {
        lock.lock();
        try {
            if (!holders.containsKey(folder) && loaded.get(folder.name()) == folder) {
                // The index works in order: who loads the folder next sees what is saved here.
                folder.save(false);
                loaded.remove(folder.name());
            }
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            loaded.clear();
        } finally {
            lock.unlock();
        }
    }
}
