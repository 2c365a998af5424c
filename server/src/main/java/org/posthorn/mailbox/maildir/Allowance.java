package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;

/** What an account may still take: messages below its limits (RFC 5530 LIMIT), and room on the disk. Thread-safe. */
final class Allowance {
    /** Octets that a mailbox takes on the disk: its directories. */
    static final long MAILBOX = 32 * 1024;

    /** Octets that a subscription takes on the disk, while the list is written beside the one there is. */
    static final long SUBSCRIPTION = 8 * 1024;

    /** The account's folders. */
    interface Directories {
        List<Path> all() throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final MaildirStore store;
    private final Directories directories;
    private final MessageTally all;
    /** For deliveries, by mailbox: they do not look into it. At most one for each mailbox that there was. */
    @GuardedBy("lock")
    private final Map<MailboxName, MessageTally> delivered = new HashMap<>();

    Allowance(MaildirStore store, Directories directories) {
        this.store = store;
        this.directories = directories;
        this.all = new MessageTally(store.config().maxAccountMessages(), store::now);
    }

    /** Refuses what would take a folder, or the account, above its limit of messages. */
    void requireMessages(Folder folder, int more) throws IOException, MailboxException {
        requireMessagesOf(folder, more);
        all.take(more, this::count, MailboxException.Reason.LIMIT);
    }

    /** As {@link #requireMessages}, where the account gets no more. */
    void requireMessagesOf(Folder folder, int more) throws MailboxException {
        int limit = store.config().maxMessages();
        if (more > limit - folder.size()) {
            throw new MailboxException(
                    MailboxException.Reason.LIMIT, "Mailbox would have more than " + limit + " messages");
        }
    }

    /** Refuses a delivery to what is full of messages. */
    void requireDelivery(MailboxName name, FolderFiles files) throws IOException, MailboxException {
        MessageTally tally;
        lock.lock();
        try {
            tally = delivered.computeIfAbsent(
                    name, any -> new MessageTally(store.config().maxMessages(), store::now));
        } finally {
            lock.unlock();
        }
        tally.take(1, files::count, MailboxException.Reason.OVER_QUOTA);
        all.take(1, this::count, MailboxException.Reason.OVER_QUOTA);
    }

    private long count() throws IOException {
        long count = 0;
        for (Path folder : directories.all()) {
            count += FolderFiles.of(folder).count();
        }
        return count;
    }

    /** A mailbox of this name that is made anew begins to count anew. */
    void deleted(MailboxName name) {
        lock.lock();
        try {
            delivered.remove(name);
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what would take the disk to where room is kept for mail that comes in. */
    void requireRoom(long octets) throws MailboxException {
        if (!store.hasRoom(octets)) {
            throw noRoom();
        }
    }

    /** As {@link #requireRoom}, for what makes nothing but names: until the queue stops too. */
    void requireRoomForNames(long octets) throws MailboxException {
        if (!store.space().has(octets)) {
            throw noRoom();
        }
    }

    static MailboxException noRoom() {
        return new MailboxException(MailboxException.Reason.OVER_QUOTA, "No room on the disk");
    }
}
