package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox.Copied;
import org.posthorn.mailbox.MailboxException;

/** Copies and moves messages from one folder of an account to another, or to itself. */
final class Transfer {
    private static final int ATTEMPTS = 5;
    /** Octets that a name takes in a directory, the list of UIDs and the index. */
    private static final long NAME = 512;

    private final Account account;
    private final Folder source;
    private final Folder target;

    Transfer(Account account, Folder source, Folder target) {
        this.account = account;
        this.source = source;
        this.target = target;
    }

    /** A file made for the target, not yet seen by anybody. */
    private record Made(long from, Arrival arrival, Inheritance.Known known) {}

    private interface Way {
        Copied take(List<Long> uids) throws IOException, MailboxException;
    }

    /** @throws MailboxException the target is gone, among others */
    Copied copy(List<Long> uids) throws IOException, MailboxException {
        return take(uids, this::copyThere);
    }

    Copied move(List<Long> uids) throws IOException, MailboxException {
        return take(uids, this::moveThere);
    }

    /** Either mailbox may be deleted or removed by another program at any moment. */
    private Copied take(List<Long> uids, Way way) throws IOException, MailboxException {
        try {
            return way.take(uids);
        } catch (NoSuchFileException e) {
            if (target.isGone()) {
                throw Folder.nonexistent();
            }
            if (source.isGone()) {
                return new Copied(target.uidValidity(), List.of(), List.of());
            }
            throw e;
        }
    }

    private Copied copyThere(List<Long> uids) throws IOException, MailboxException {
        account.allowance().requireRoom(NAME * uids.size());
        account.allowance().requireMessages(target, uids.size());
        List<Made> made = new ArrayList<>();
        List<Long> to;
        try {
            for (long uid : uids) {
                link(uid).ifPresent(made::add);
            }
            to = place(made);
        } catch (IOException | MailboxException | RuntimeException e) {
            for (Made one : made) {
                Files.deleteIfExists(inTmp(one.arrival()));
            }
            throw e;
        }
        account.syncCopies(target);
        target.announce();
        return new Copied(target.uidValidity(), made.stream().map(Made::from).toList(), to);
    }

    private Optional<Made> link(long uid) throws IOException, MailboxException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Entry> found = source.entry(uid);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Entry entry = found.get();
            Arrival arrival = arrival(entry, account.names().copied(entry));
            try {
                linkOrCopy(source.files().inCur(entry), inTmp(arrival));
                return Optional.of(new Made(uid, arrival, source.inheritance.known(uid)));
            } catch (NoSuchFileException e) {
                source.rescan();
            }
        }
        return Optional.empty();
    }

    /** Where it is made: the target may get another name meanwhile. */
    private Path inTmp(Arrival arrival) {
        return target.files().tmp().resolve(arrival.name().base());
    }

    private void linkOrCopy(Path from, Path to) throws IOException, MailboxException {
        try {
            Files.createLink(to, from);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Too many links, or a file system without them.
            account.allowance().requireRoom(Files.size(from));
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            FolderFiles.sync(to);
        }
    }

    /** The same message under a new name, with its flags in the letters of the target. */
    private Arrival arrival(Entry entry, String base) throws IOException, MailboxException {
        target.lock.lock();
        try {
            target.requireThere();
            Flags flags = target.keywords.learn(entry.message().flags());
            return new Arrival(
                    new FileName(base, target.keywords.info(flags, "")),
                    new FolderFiles.Measure(
                            entry.fileSize(),
                            entry.message().size(),
                            entry.message().internalDate()),
                    flags);
        } finally {
            target.lock.unlock();
        }
    }

    /** Makes the files appear in the target, all together. */
    private List<Long> place(List<Made> made) throws IOException, MailboxException {
        target.lock.lock();
        try {
            target.requireThere();
            target.look.beforeOwnChange();
            for (Made one : made) {
                FolderFiles.rename(
                        inTmp(one.arrival()),
                        target.files().cur().resolve(one.arrival().name().text()));
            }
            List<Long> uids = uids(made, false);
            target.look.afterOwnChange();
            return uids;
        } catch (IOException | RuntimeException e) {
            for (Made one : made) {
                Files.deleteIfExists(
                        target.files().cur().resolve(one.arrival().name().text()));
            }
            throw e;
        } finally {
            target.lock.unlock();
        }
    }

    /** Takes them in; what the index knows of the originals it knows of them. */
    private List<Long> uids(List<Made> made, boolean moved) throws IOException {
        List<Long> uids = target.adopt(made.stream().map(Made::arrival).toList()).stream()
                .map(Entry::uid)
                .toList();
        for (int i = 0; i < uids.size(); i++) {
            target.inheritance.take(uids.get(i), made.get(i).known(), moved);
        }
        return uids;
    }

    /** A move that goes on: what of it lies in the target and is known to nobody yet, and what became of the rest. */
    private record Move(List<Made> pending, List<Long> from, List<Long> to) {
        Move() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private Copied moveThere(List<Long> uids) throws IOException, MailboxException {
        account.allowance().requireRoomForNames(NAME * uids.size());
        if (source != target) {
            account.allowance().requireMessagesOf(target, uids.size());
        }
        Move move = new Move();
        // One order for all who need two locks.
        boolean sourceFirst = source.order <= target.order;
        Folder first = sourceFirst ? source : target;
        Folder second = sourceFirst ? target : source;
        first.lock.lock();
        try {
            second.lock.lock();
            try {
                target.requireThere();
                moveLocked(uids, move);
            } finally {
                second.lock.unlock();
            }
        } finally {
            first.lock.unlock();
        }
        account.syncCopies(target);
        source.announce();
        target.announce();
        return new Copied(target.uidValidity(), move.from(), move.to());
    }

    private void moveLocked(List<Long> uids, Move move) throws IOException, MailboxException {
        source.look.beforeOwnChange();
        target.look.beforeOwnChange();
        try {
            for (long uid : uids) {
                moveOne(uid, move);
            }
        } finally {
            // What has moved has moved, also when a later one could not.
            takeOver(move);
            source.look.afterOwnChange();
        }
        target.look.afterOwnChange();
    }

    private void moveOne(long uid, Move move) throws IOException, MailboxException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Entry> found = source.entry(uid);
            if (found.isEmpty()) {
                return;
            }
            Arrival arrival = arrival(found.get(), account.names().moved(found.get()));
            try {
                FolderFiles.rename(
                        source.files().inCur(found.get()),
                        target.files().cur().resolve(arrival.name().text()));
                move.pending().add(new Made(uid, arrival, source.inheritance.known(uid)));
                return;
            } catch (NoSuchFileException e) {
                // Within one mailbox the look would find what has moved, and give it a UID of its own.
                takeOver(move);
                source.look.scanCur();
            }
        }
    }

    /** Takes what has moved from one state to the other. */
    private void takeOver(Move move) throws IOException {
        List<Made> moved = List.copyOf(move.pending());
        move.pending().clear();
        moved.forEach(one -> move.from().add(one.from()));
        try {
            // First there and then no longer here: who follows the feed never finds it in neither.
            move.to().addAll(uids(moved, true));
        } finally {
            source.forget(moved.stream().map(Made::from).collect(Collectors.toCollection(TreeSet::new)), true);
        }
    }
}
