package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
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
    private static final AtomicLong MADE = new AtomicLong();
    private static final int ATTEMPTS = 5;

    /** In which those are locked that are locked together. */
    final long order = MADE.incrementAndGet();

    final ReentrantLock lock = new ReentrantLock();
    final Entries entries = new Entries();
    final Keywords keywords;
    final MoreKeywords moreKeywords;
    final UidState uidState;
    final MaildirSync look;
    final PendingIndexChanges pending = new PendingIndexChanges();
    final FolderReader reader = new FolderReader(this);
    final Structures structures;
    final KeptHeaders headers;
    final Inheritance inheritance = new Inheritance(this);
    private final FolderEdit edit = new FolderEdit(this);

    private volatile MailboxName name;
    private volatile FolderFiles files;
    private final FolderContext context;
    private final FolderSaver saver;
    private final FolderChanges changes;
    private volatile long lastUsed = System.nanoTime();

    /** @param freshValidity gives a UIDVALIDITY above another, if the folder turns out to have none */
    Folder(MailboxName name, Path directory, FolderContext context, LongUnaryOperator freshValidity)
            throws IOException {
        this.name = name;
        this.files = FolderFiles.of(directory);
        this.context = context;
        this.keywords = new Keywords(() -> files.folder(), context.maxKeywords());
        this.moreKeywords = new MoreKeywords(() -> files.folder());
        this.uidState = new UidState(() -> context.index().raise(row(), context.durable()));
        this.changes = new FolderChanges(context.feed(), entries, uidState);
        this.look = new MaildirSync(this, context);
        this.saver = new FolderSaver(this, context);
        this.structures = new Structures(this, context.index());
        this.headers = new KeptHeaders(this, context.index());
        lock.lock();
        try {
            keywords.read();
            look.load(freshValidity);
            changes.begin();
        } finally {
            lock.unlock();
        }
    }

    /** The name of its directory in the index. */
    String directory() {
        return name.isInbox() ? "" : files.folder().getFileName().toString();
    }

    FolderRow row() {
        return look.row(directory());
    }

    MailboxName name() {
        return name;
    }

    FolderFiles files() {
        return files;
    }

    /** What is done in the directories, wherever they are. */
    interface Place<T> {
        T use(FolderFiles there) throws IOException;
    }

    /**
     * Does something without the lock, again where the mailbox gets another name meanwhile. Call it without the lock.
     *
     * @throws NoSuchFileException the directories, or something in them, are gone
     */
    <T> T inPlace(Place<T> place) throws IOException {
        for (int attempt = 1; ; attempt++) {
            FolderFiles there = files;
            try {
                return place.use(there);
            } catch (NoSuchFileException e) {
                // Under the lock: a rename that goes on has moved the directory, and says so at its end.
                FolderFiles now = read(() -> files);
                if (now.equals(there) && (attempt >= ATTEMPTS || !now.areDirectories())) {
                    throw e;
                }
            }
        }
    }

    long uidValidity() {
        return read(uidState::uidValidity);
    }

    long uidNext() {
        return read(uidState::uidNext);
    }

    long highestModSeq() {
        return read(uidState::modSeq);
    }

    private <T> T read(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody has used it for so many nanoseconds. */
    boolean isIdle(long nanos) {
        return System.nanoTime() - lastUsed >= nanos;
    }

    void used() {
        lastUsed = System.nanoTime();
    }

    /** The next save tells the index everything. May be called without the lock. */
    void saveAll() {
        pending.whole();
    }

    /** Tells the index what is new; with {@code wait} it is in the file when this returns. */
    void save(boolean wait) throws IOException {
        saver.save(wait);
    }

    /** Tells all who have it open; call without the lock. */
    void announce() {
        context.feed().announce(this);
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

    /** Tells the sessions when other programs have changed something; they look themselves. */
    void lookForOthers() throws IOException {
        boolean changed = false;
        if (lock.tryLock()) {
            try {
                changed = look.isChanged();
            } catch (NoSuchFileException e) {
                // The directory itself is gone: who looks finds that out.
                changed = true;
            } finally {
                lock.unlock();
            }
        }
        if (changed) {
            announce();
        }
    }

    int size() {
        return read(entries::size);
    }

    List<Message> messages() {
        return read(entries::messages);
    }

    List<Message> messagesFrom(long uid, int max) {
        return read(() -> entries.messagesFrom(uid, max));
    }

    Optional<Entry> entry(long uid) {
        return read(() -> entries.find(uid));
    }

    Set<String> allKeywords() {
        return read(keywords::all);
    }

    MailboxStatus status() {
        return read(() -> entries.status(uidState));
    }

    Changes changesSince(long modSeq) throws IOException {
        lock.lock();
        try {
            if (modSeq >= uidState.modSeq()) {
                return new Changes(uidState.modSeq(), List.of(), List.of());
            }
            return new History(this, context.index()).since(modSeq, changes.log());
        } finally {
            lock.unlock();
        }
    }

    /** The messages as they are then; none of a mailbox that is gone. */
    List<Message> store(List<Long> uids, FlagChange change) throws IOException, MailboxException {
        return edit.store(uids, change);
    }

    List<Long> expunge(List<Long> uids) throws IOException {
        return edit.expunge(uids);
    }

    /** Before changes: whether there are numbers for so many. */
    void requireNumbers(int count) throws IOException {
        context.feed().require(count);
    }

    /** Puts new flags into the state; the lock is held, and a number was required. */
    Entry reflag(Entry entry, Flags flags) {
        Message before = entry.message();
        Flags shared = keywords.flags(entry.info());
        Entry changed = changes.reflag(name, entry, flags.equals(shared) ? shared : flags);
        Set<String> more = keywords.withoutLetter(flags);
        if (!more.equals(keywords.withoutLetter(before.flags()))) {
            moreKeywords.note(changed, more);
        }
        pending.changed(before.uid());
        return changed;
    }

    /** Gives UIDs to files in {@code cur}, in this order, and takes them in; the lock is held. */
    List<Entry> adopt(List<Arrival> arrivals) throws IOException {
        if (arrivals.isEmpty()) {
            return List.of();
        }
        requireNumbers(1);
        List<Entry> given = new ArrayList<>(arrivals.size());
        long uid = uidState.takeUids(arrivals.size());
        for (Arrival arrival : arrivals) {
            given.add(arrival.entry(uid++));
        }
        look.journal(given);
        List<Entry> adopted = insert(given);
        moreKeywords.flush(entries, keywords);
        return adopted;
    }

    /** Takes in entries that have their UID; the lock is held, and a number was required. */
    List<Entry> insert(List<Entry> fresh) {
        List<Entry> inserted = changes.add(name, fresh);
        for (Entry entry : inserted) {
            pending.changed(entry.uid());
            Set<String> more = keywords.withoutLetter(entry.message().flags());
            if (!more.isEmpty()) {
                moreKeywords.note(entry, more);
            }
        }
        return inserted;
    }

    /** Drops entries whose files are gone; the lock is held. */
    void forget(Set<Long> uids) throws IOException {
        forget(uids, false);
    }

    /** @param moved what the index knows of them goes with them to another mailbox, or to another UID here */
    void forget(Set<Long> uids, boolean moved) throws IOException {
        List<Entry> gone = new ArrayList<>(uids.size());
        for (long uid : uids) {
            entries.find(uid).ifPresent(gone::add);
        }
        if (gone.isEmpty()) {
            return;
        }
        requireNumbers(1);
        long at = changes.remove(name, gone);
        gone.forEach(entry -> pending.gone(entry.uid(), at, moved));
    }

    /** Looks through {@code cur} although its time tells no change: a file was not where it should be. */
    void rescan() throws IOException {
        lock.lock();
        try {
            look.rescan();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the structure of a message that is there. */
    void keepStructure(long uid, byte[] data) {
        lock.lock();
        try {
            if (entries.find(uid).isPresent()) {
                pending.structure(uid, data);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The index is told the numbers anew, also where no message has changed. */
    void noteNumbers() {
        lock.lock();
        try {
            pending.numbers();
        } finally {
            lock.unlock();
        }
    }

    /** The first UID that is recent; with {@code claim} all messages there are become old for who comes later. */
    long recentFrom(boolean claim) {
        lock.lock();
        try {
            long from = uidState.recentFrom();
            if (claim && uidState.claimRecent()) {
                pending.numbers();
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
            requireNumbers(1);
            FolderFiles.rename(files.folder(), directory);
            context.feed().renamed(name, newName);
            name = newName;
            files = FolderFiles.of(directory);
            look.moved();
            pending.numbers();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the mailbox was deleted, by us or, as it is found now, by another program. */
    boolean isGone() throws IOException {
        lock.lock();
        try {
            if (!look.isStopped() && !files.areDirectories()) {
                removed();
            }
            return look.isStopped();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses to put anything into a mailbox that is gone. The lock is held.
     *
     * @throws MailboxException NONEXISTENT
     */
    void requireThere() throws MailboxException {
        if (look.isStopped()) {
            throw nonexistent();
        }
    }

    static MailboxException nonexistent() {
        return new MailboxException(MailboxException.Reason.NONEXISTENT, "No such mailbox");
    }

    /** The mailbox was deleted: whoever still has it open sees all messages go, and the feed tells of it alone. */
    void removed() throws IOException {
        lock.lock();
        try {
            if (look.isStopped()) {
                return;
            }
            requireNumbers(2);
            List<Entry> gone = List.copyOf(entries.all());
            long at = changes.removeAll(name);
            gone.forEach(entry -> pending.gone(entry.uid(), at, false));
            moreKeywords.discard();
            look.stop();
        } finally {
            lock.unlock();
        }
    }
}
