package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.MailboxName;

/**
 * Numbers the changes of an account, one mod-sequence for all its mailboxes, and keeps the last of them. Numbers are given below a
 * ceiling that is on stable storage, so that none is given twice after a crash. Thread-safe; its lock is taken last of all, and I/O happens under
 * it only where the ceiling is read or raised.
 */
final class AccountFeed {
    /** Changes that are kept of an account. */
    static final int KEPT = 1_024;

    /** Numbers below the ceiling for changes that go on at the same time: fifty mailboxes of 200,000 messages. */
    private static final long SPARE = 10_000_000;

    private static final long BLOCK = 2 * SPARE;

    /** Whose changes are listened to: those of one mailbox, or of all. */
    private static final class Listening {
        private final Optional<Folder> folder;
        private final Runnable listener;

        Listening(Optional<Folder> folder, Runnable listener) {
            this.folder = folder;
            this.listener = listener;
        }

        boolean hears(Folder changed) {
            return folder.isEmpty() || folder.get() == changed;
        }
    }

    /** What happens under a number, in memory alone: it must not fail. */
    interface Publication<T> {
        /** Tells its changes to the log, or, where they are more than that keeps, clears it. */
        T at(long modSeq, ChangeLog changes);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final CopyOnWriteArrayList<Listening> listeners = new CopyOnWriteArrayList<>();
    private final Index index;
    private final LongSupplier clock;
    private final boolean durable;

    @GuardedBy("lock")
    private boolean begun;

    @GuardedBy("lock")
    private long first;

    @GuardedBy("lock")
    private long last;

    @GuardedBy("lock")
    private long ceiling;

    @GuardedBy("lock")
    private int generation;

    @GuardedBy("lock")
    private final ChangeLog log = new ChangeLog(0, KEPT);

    /** The names that whoever follows the feed knows of; none before it is first followed. */
    @GuardedBy("lock")
    private Optional<Set<MailboxName>> names = Optional.empty();

    /**
     * @param clock microseconds since 1970
     * @param durable whether the ceiling is synced
     */
    AccountFeed(Index index, LongSupplier clock, boolean durable) {
        this.index = index;
        this.clock = clock;
        this.durable = durable;
    }

    @GuardedBy("lock")
    private void begin() throws IOException {
        if (!begun) {
            // An account that is new, or whose index is lost: nobody has reached the time by counting, though each
            // crash skips a block.
            last = index.modSequence().orElseGet(clock::getAsLong);
            first = last;
            ceiling = last;
            generation = index.generation();
            log.clear(last);
            begun = true;
        }
    }

    /** The number at which this process began to count, or the account was last opened: all that was given before is not above it. */
    long first() throws IOException {
        lock.lock();
        try {
            begin();
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** The last number that was given. */
    long modSeq() throws IOException {
        lock.lock();
        try {
            begin();
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** To be called before changes are made: when it returns there are numbers for so many. */
    void require(int count) throws IOException {
        lock.lock();
        try {
            begin();
            if (generation != index.generation()) {
                // The index was lost, and the ceiling with it.
                generation = index.generation();
                ceiling = last;
            }
            if (ceiling - last <= SPARE + count) {
                long raised = last + count + BLOCK;
                index.raiseModSequence(raised, durable);
                ceiling = raised;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the next number to what happens, and takes its changes in; nobody sees a later one before. */
    <T> T publish(Publication<T> publication) {
        lock.lock();
        try {
            if (!begun || last + 1 >= ceiling) {
                throw new IllegalStateException("a change for which no number was required");
            }
            last++;
            return publication.at(last, log);
        } finally {
            lock.unlock();
        }
    }

    /** The kept changes after a number; empty when they are not all known. */
    Optional<List<Change>> since(long modSeq) throws IOException {
        lock.lock();
        try {
            begin();
            return log.covers(modSeq) && modSeq <= last ? Optional.of(log.since(modSeq)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    // ---- mailboxes, for which a number was required

    void created(MailboxName name) {
        tell(modSeq -> new Change.MailboxCreated(modSeq, name), Set.of(), Set.of(name));
    }

    void deleted(MailboxName name) {
        tell(modSeq -> new Change.MailboxDeleted(modSeq, name), Set.of(name), Set.of());
    }

    void renamed(MailboxName from, MailboxName to) {
        tell(modSeq -> new Change.MailboxRenamed(modSeq, from, to), Set.of(from), Set.of(to));
    }

    void subscribed(MailboxName name, boolean subscribed) {
        tell(modSeq -> new Change.Subscribed(modSeq, name, subscribed), Set.of(), Set.of());
    }

    private void tell(LongFunction<Change> change, Set<MailboxName> gone, Set<MailboxName> made) {
        lock.lock();
        try {
            Optional<Set<MailboxName>> known = names;
            known.ifPresent(all -> {
                all.removeAll(gone);
                all.addAll(made);
            });
            Change _ = publish((modSeq, out) -> {
                Change told = change.apply(modSeq);
                out.add(told);
                return told;
            });
        } finally {
            lock.unlock();
        }
    }

    /** Tells what other programs have made and removed; one that they have renamed is both. */
    void compareNames(Set<MailboxName> now) throws IOException {
        lock.lock();
        try {
            Optional<Set<MailboxName>> before = names;
            if (before.isEmpty()) {
                names = Optional.of(new HashSet<>(now));
            } else if (!before.get().equals(now)) {
                require(before.get().size() + now.size());
                Set<MailboxName> gone = new HashSet<>(before.get());
                gone.removeAll(now);
                gone.forEach(this::deleted);
                now.stream()
                        .filter(name -> !before.get().contains(name))
                        .toList()
                        .forEach(this::created);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody has asked about the whole account. */
    boolean isFollowed() {
        lock.lock();
        try {
            return names.isPresent();
        } finally {
            lock.unlock();
        }
    }

    // ---- listeners

    Closeable listen(Optional<Folder> folder, Runnable listener) {
        Listening listening = new Listening(folder, listener);
        listeners.add(listening);
        return () -> listeners.remove(listening);
    }

    /** Whether somebody listens to this folder. */
    boolean isHeard(Folder folder) {
        return listeners.stream().anyMatch(each -> each.hears(folder));
    }

    /** Tells all who listen to this folder; call without locks. */
    void announce(Folder folder) {
        for (Listening each : listeners) {
            if (each.hears(folder)) {
                each.listener.run();
            }
        }
    }

    /** Tells all who listen to the whole account; call without locks. */
    void announce() {
        for (Listening each : listeners) {
            if (each.folder.isEmpty()) {
                each.listener.run();
            }
        }
    }

    // ---- memory

    /** How many changes are kept. */
    int size() {
        lock.lock();
        try {
            return log.size();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the changes that are kept: who asks for them is told that they are too long ago. */
    void forget() {
        lock.lock();
        try {
            log.clear(last);
        } finally {
            lock.unlock();
        }
    }

    /** Writes down the last number: no more is given, and who opens the account next goes on there. */
    void park() {
        lock.lock();
        try {
            if (begun) {
                index.parkModSequence(last);
                // Whoever still has a mailbox open must ask for numbers anew, which a closed index refuses.
                ceiling = last;
            }
        } finally {
            lock.unlock();
        }
    }
}
