package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.mailbox.Message;

/**
 * The state of one mailbox, shared by all who have it open. Thread-safe: one lock guards the state and the renames that belong
 * to it; it is never held during a sync.
 */
final class Folder {
    private static final int ATTEMPTS = 5;

    final ReentrantLock lock = new ReentrantLock();
    final Entries entries = new Entries();
    final Keywords keywords;
    final Numbers numbers;
    final FolderLook look;
    final Bookmarks bookmarks = new Bookmarks();

    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile MailboxName name;
    private volatile FolderFiles files;
    private ChangeLog changes = new ChangeLog(0);

    Folder(MailboxName name, Path directory, int maxKeywords, long freshValidity) throws IOException {
        this.name = name;
        this.files = FolderFiles.of(directory);
        this.keywords = new Keywords(directory, maxKeywords);
        this.numbers = new Numbers(freshValidity);
        this.look = new FolderLook(this);
        lock.lock();
        try {
            keywords.read();
            look.load();
            changes = new ChangeLog(numbers.modSeq());
        } finally {
            lock.unlock();
        }
    }

    MailboxName name() {
        return name;
    }

    FolderFiles files() {
        return files;
    }

    long uidValidity() {
        return read(numbers::uidValidity);
    }

    long uidNext() {
        return read(numbers::uidNext);
    }

    long highestModSeq() {
        return read(numbers::modSeq);
    }

    private <T> T read(java.util.function.Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    void listen(Runnable listener) {
        listeners.add(listener);
    }

    void unlisten(Runnable listener) {
        listeners.remove(listener);
    }

    boolean hasListeners() {
        return !listeners.isEmpty();
    }

    /** Tells all who have it open; call without the lock. */
    void announce() {
        listeners.forEach(Runnable::run);
    }

    /** Mail was put into {@code new}. */
    void arrived() {
        look.arrived();
        announce();
    }

    /** Looks at the disk: always with {@code now}, else at most once a second. */
    void refresh(boolean now) throws IOException {
        boolean changed;
        lock.lock();
        try {
            changed = look.refresh(now);
        } finally {
            lock.unlock();
        }
        if (changed) {
            announce();
        }
    }

    List<Message> messages() {
        return read(entries::messages);
    }

    Optional<Entry> entry(long uid) {
        return read(() -> entries.find(uid));
    }

    Set<String> allKeywords() {
        return read(keywords::all);
    }

    MailboxStatus status() {
        return read(this::count);
    }

    private MailboxStatus count() {
        long recent = 0;
        long unseen = 0;
        long deleted = 0;
        long size = 0;
        for (Entry entry : entries.all()) {
            Message message = entry.message();
            recent += message.uid() >= numbers.recentFrom() ? 1 : 0;
            unseen += message.flags().has(Flags.SEEN) ? 0 : 1;
            deleted += message.flags().has(Flags.DELETED) ? 1 : 0;
            size += message.size();
        }
        return new MailboxStatus(
                entries.size(),
                recent,
                unseen,
                deleted,
                size,
                numbers.uidNext(),
                numbers.uidValidity(),
                numbers.modSeq());
    }

    Changes changesSince(long modSeq) {
        return read(() -> tell(modSeq));
    }

    private Changes tell(long modSeq) {
        if (modSeq >= numbers.modSeq()) {
            return new Changes(numbers.modSeq(), List.of(), List.of());
        }
        Set<Long> changed = new TreeSet<>();
        Set<Long> expunged = new TreeSet<>();
        if (changes.covers(modSeq)) {
            changes.since(modSeq, changed, expunged);
        } else {
            for (Entry entry : entries.all()) {
                if (entry.message().modSeq() > modSeq) {
                    changed.add(entry.uid());
                }
            }
            addMissing(expunged);
        }
        List<Message> messages = new ArrayList<>(changed.size());
        for (long uid : changed) {
            entries.find(uid).ifPresent(entry -> messages.add(entry.message()));
        }
        return new Changes(numbers.modSeq(), messages, List.copyOf(expunged));
    }

    /** Every UID below the next that names no message: who asks for older changes than we know of gets them all (RFC 7162 3.2.7). */
    private void addMissing(Set<Long> expunged) {
        long next = 1;
        for (Entry entry : entries.all()) {
            for (; next < entry.uid(); next++) {
                expunged.add(next);
            }
            next = entry.uid() + 1;
        }
        for (; next < numbers.uidNext(); next++) {
            expunged.add(next);
        }
    }

    List<Message> store(List<Long> uids, FlagChange change) throws IOException, MailboxException {
        List<Message> after = new ArrayList<>(uids.size());
        boolean changed = false;
        lock.lock();
        try {
            FlagChange spelt = change.mode() == FlagChange.Mode.REMOVE
                    ? change
                    : new FlagChange(change.mode(), keywords.learn(change.flags()));
            look.beforeOwnChange();
            long modSeq = numbers.modSeq() + 1;
            for (long uid : uids) {
                Optional<Entry> stored = storeOne(uid, spelt, modSeq);
                stored.ifPresent(entry -> after.add(entry.message()));
                changed |= stored.isPresent() && stored.get().message().modSeq() >= modSeq;
            }
            look.afterOwnChange();
        } finally {
            lock.unlock();
        }
        if (changed) {
            announce();
        }
        return after;
    }

    private Optional<Entry> storeOne(long uid, FlagChange change, long modSeq) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Entry> found = entries.find(uid);
            if (found.isEmpty()) {
                return found;
            }
            Entry entry = found.get();
            Flags flags = change.applyTo(entry.message().flags());
            if (flags.equals(entry.message().flags())) {
                return found;
            }
            Entry renamed = entry.with(entry.message(), keywords.info(flags, entry.info()));
            try {
                if (!renamed.info().equals(entry.info())) {
                    FolderFiles.rename(files.inCur(entry), files.inCur(renamed));
                }
                return Optional.of(reflag(renamed, flags, modSeq));
            } catch (NoSuchFileException e) {
                look.scanCur();
            }
        }
        return Optional.empty();
    }

    /** Puts new flags into the state; the lock is held. */
    Entry reflag(Entry entry, Flags flags, long modSeq) {
        Message before = entry.message();
        Flags shared = keywords.flags(entry.info());
        Message message = new Message(
                before.uid(), modSeq, flags.equals(shared) ? shared : flags, before.internalDate(), before.size());
        Entry changed = entry.with(message, entry.info());
        entries.replace(changed);
        numbers.reached(modSeq);
        changes.changed(modSeq, before.uid());
        return changed;
    }

    /** Gives UIDs to files in {@code cur}, in this order, and takes them in; the lock is held. */
    List<Entry> adopt(List<Arrival> arrivals) throws IOException {
        List<Entry> adopted = new ArrayList<>(arrivals.size());
        long modSeq = numbers.modSeq() + 1;
        for (Arrival arrival : arrivals) {
            long uid = numbers.takeUid();
            adopted.add(arrival.entry(uid, modSeq));
        }
        if (!adopted.isEmpty()) {
            look.journal(adopted);
            insert(adopted);
        }
        return adopted;
    }

    /** Takes in entries that have their UID; the lock is held. */
    void insert(List<Entry> fresh) {
        for (Entry entry : fresh) {
            entries.add(entry);
            numbers.reached(entry.message().modSeq());
            changes.changed(entry.message().modSeq(), entry.uid());
        }
    }

    List<Long> expunge(List<Long> uids) throws IOException {
        Set<Long> removed = new TreeSet<>();
        lock.lock();
        try {
            look.beforeOwnChange();
            for (long uid : uids) {
                if (expungeOne(uid)) {
                    removed.add(uid);
                }
            }
            forget(removed);
            look.afterOwnChange();
        } finally {
            lock.unlock();
        }
        if (!removed.isEmpty()) {
            announce();
        }
        return List.copyOf(removed);
    }

    private boolean expungeOne(long uid) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Entry> found = entries.find(uid);
            if (found.isEmpty()) {
                return false;
            }
            if (Files.deleteIfExists(files.inCur(found.get()))) {
                return true;
            }
            look.scanCur();
        }
        return false;
    }

    /** Drops entries whose files are gone; the lock is held. */
    void forget(Set<Long> uids) {
        if (uids.isEmpty()) {
            return;
        }
        long modSeq = numbers.modSeq() + 1;
        numbers.reached(modSeq);
        entries.removeAll(new HashSet<>(uids));
        uids.forEach(uid -> changes.expunged(modSeq, uid));
    }

    /** The message's bytes in CRLF form; empty when it is gone. */
    Optional<MessageContent> content(long uid) throws IOException {
        Optional<Entry> found = entry(uid);
        if (found.isPresent() && !Files.exists(files.inCur(found.get()))) {
            rescan();
            found = entry(uid);
        }
        return found.map(entry -> {
            long size = entry.message().size();
            return size == entry.fileSize() ? new FileContent(this, uid, size) : new ConvertedContent(this, uid, size);
        });
    }

    /** Looks through {@code cur} although its time tells no change: a file was not where it should be. */
    void rescan() throws IOException {
        lock.lock();
        try {
            look.scanCur();
        } finally {
            lock.unlock();
        }
    }

    /** Opens a message's file, wherever a rename has taken it. */
    FileChannel open(long uid) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path path = entry(uid)
                    .map(files::inCur)
                    .orElseThrow(() -> new NoSuchFileException("message " + uid + " is gone"));
            try {
                return FileChannel.open(path, StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
            }
            rescan();
        }
    }

    /** The first UID that is recent; with {@code claim} all messages there are become old for who comes later. */
    long recentFrom(boolean claim) {
        lock.lock();
        try {
            long from = numbers.recentFrom();
            if (claim) {
                numbers.claimRecent();
            }
            return from;
        } finally {
            lock.unlock();
        }
    }

    /** Takes its directory to a new place. */
    void rename(MailboxName newName, Path directory) throws IOException {
        lock.lock();
        try {
            FolderFiles.rename(files.folder(), directory);
            name = newName;
            files = FolderFiles.of(directory);
            look.moved();
        } finally {
            lock.unlock();
        }
    }

    /** The mailbox was deleted: whoever still has it open sees all messages go. */
    void removed() {
        lock.lock();
        try {
            Set<Long> all = new HashSet<>();
            entries.all().forEach(entry -> all.add(entry.uid()));
            forget(all);
            look.stop();
        } finally {
            lock.unlock();
        }
    }
}
