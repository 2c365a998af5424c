package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.Message;

/** Changes flags of a folder's messages and removes messages, wherever other programs have renamed the files to. Thread-safe. */
final class FolderEdit {
    private static final int ATTEMPTS = 5;

    private final Folder folder;

    FolderEdit(Folder folder) {
        this.folder = folder;
    }

    /** The messages as they are then; none of a mailbox that is gone. */
    List<Message> store(List<Long> uids, FlagChange change) throws IOException, MailboxException {
        try {
            return storeThere(uids, change);
        } catch (NoSuchFileException e) {
            if (folder.isGone()) {
                return List.of();
            }
            throw e;
        }
    }

    private List<Message> storeThere(List<Long> uids, FlagChange change) throws IOException, MailboxException {
        List<Message> after = new ArrayList<>(uids.size());
        boolean changed;
        folder.lock.lock();
        try {
            if (folder.look.isStopped()) {
                // Another mailbox may have its name by now, and that one's keywords lie where this one's did.
                return after;
            }
            FlagChange spelt = change.mode() == FlagChange.Mode.REMOVE
                    ? change
                    : new FlagChange(change.mode(), folder.keywords.learn(change.flags()));
            folder.look.beforeOwnChange();
            folder.requireNumbers(uids.size());
            long before = folder.uidState.modSeq();
            for (long uid : uids) {
                storeOne(uid, spelt).ifPresent(entry -> after.add(entry.message()));
            }
            changed = folder.uidState.modSeq() > before;
            folder.look.afterOwnChange();
            folder.moreKeywords.flush(folder.entries, folder.keywords);
        } finally {
            folder.lock.unlock();
        }
        if (changed) {
            folder.announce();
        }
        return after;
    }

    private Optional<Entry> storeOne(long uid, FlagChange change) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Entry> found = folder.entries.find(uid);
            if (found.isEmpty()) {
                return found;
            }
            Entry entry = found.get();
            Flags flags = change.applyTo(entry.message().flags());
            if (flags.equals(entry.message().flags())) {
                return found;
            }
            Entry renamed = entry.with(entry.message(), folder.keywords.info(flags, entry.info()));
            try {
                if (!renamed.info().equals(entry.info())) {
                    FolderFiles.rename(
                            folder.files().inCur(entry), folder.files().inCur(renamed));
                }
                return Optional.of(folder.reflag(renamed, flags));
            } catch (NoSuchFileException e) {
                folder.look.scanCur();
            }
        }
        return Optional.empty();
    }

    List<Long> expunge(List<Long> uids) throws IOException {
        try {
            return expungeThere(uids);
        } catch (NoSuchFileException e) {
            if (folder.isGone()) {
                return List.of();
            }
            throw e;
        }
    }

    private List<Long> expungeThere(List<Long> uids) throws IOException {
        Set<Long> removed = new TreeSet<>();
        folder.lock.lock();
        try {
            folder.look.beforeOwnChange();
            for (long uid : uids) {
                if (expungeOne(uid)) {
                    removed.add(uid);
                }
            }
            folder.forget(removed);
            folder.look.afterOwnChange();
        } finally {
            folder.lock.unlock();
        }
        if (!removed.isEmpty()) {
            folder.announce();
        }
        return List.copyOf(removed);
    }

    private boolean expungeOne(long uid) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Entry> found = folder.entries.find(uid);
            if (found.isEmpty()) {
                return false;
            }
            if (Files.deleteIfExists(folder.files().inCur(found.get()))) {
                return true;
            }
            folder.look.scanCur();
        }
        return false;
    }
}
