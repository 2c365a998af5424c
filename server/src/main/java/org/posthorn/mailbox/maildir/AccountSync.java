package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;

/**
 * Takes into the feed what has happened in mailboxes that nobody has open: deliveries, and what other programs do. Costs two stat calls
 * for each mailbox and one question to the index; only those that have changed are read. Thread-safe.
 */
final class AccountSync {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Account account;
    private final Index index;

    /** Where mail was delivered since, as long as somebody follows the feed: at most each mailbox that there was. */
    @GuardedBy("this")
    private final Set<MailboxName> delivered = new HashSet<>();

    @GuardedBy("this")
    private long last;

    @GuardedBy("this")
    private boolean looked;

    AccountSync(Account account, Index index) {
        this.account = account;
        this.index = index;
    }

    synchronized void delivered(MailboxName name) {
        delivered.add(name);
    }

    private synchronized Set<MailboxName> takeDelivered() {
        Set<MailboxName> taken = Set.copyOf(delivered);
        delivered.clear();
        return taken;
    }

    private synchronized boolean isDue() {
        long now = System.nanoTime();
        boolean due = !looked || now - last >= INTERVAL;
        if (due) {
            looked = true;
            last = now;
        }
        return due;
    }

    /** At most once a second; what was delivered here at once. */
    void look() throws IOException {
        Set<MailboxName> arrived = takeDelivered();
        if (isDue()) {
            Map<String, IndexNumbers.Seen> seen = index.seen();
            Map<MailboxName, Path> all = account.compareNames();
            List<MailboxName> changed = new ArrayList<>();
            for (Map.Entry<MailboxName, Path> each : all.entrySet()) {
                String directory = FolderNames.directory(each.getKey());
                if (isChanged(each.getValue(), seen.getOrDefault(directory, IndexNumbers.Seen.NEVER))) {
                    changed.add(each.getKey());
                }
            }
            arrived = new HashSet<>(arrived);
            arrived.addAll(changed);
        }
        for (MailboxName name : arrived) {
            takeIn(name);
        }
        for (Folder folder : account.folders().all()) {
            folder.refresh(false);
        }
    }

    private static boolean isChanged(Path directory, IndexNumbers.Seen seen) throws IOException {
        FolderFiles files = FolderFiles.of(directory);
        try {
            return FolderFiles.modified(files.cur()).to(TimeUnit.NANOSECONDS) != seen.cur()
                    || FolderFiles.modified(files.fresh()).to(TimeUnit.NANOSECONDS) != seen.fresh();
        } catch (NoSuchFileException e) {
            // On its way, or lacks what opening it makes.
            return true;
        }
    }

    /** One that is loaded looks by itself. */
    private void takeIn(MailboxName name) throws IOException {
        if (account.folders().find(name).isPresent()) {
            return;
        }
        try {
            Folder folder = account.folders().hold(name);
            // So that the next look finds it as it is now.
            folder.noteNumbers();
            account.folders().release(folder);
            account.folders().unloadIfFree(folder);
        } catch (MailboxException | NoSuchFileException e) {
            // Gone, or none that can be opened: there is nothing to tell of it.
        }
    }
}
