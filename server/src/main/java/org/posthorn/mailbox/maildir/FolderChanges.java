package org.posthorn.mailbox.maildir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;

/**
 * Changes the entries of a folder, in one step with the account's feed, and keeps the last changes of this mailbox, however much happens in
 * others. Guarded by the folder's lock; a number must have been required of the feed.
 */
final class FolderChanges {
    private static final int KEPT = 512;

    private final AccountFeed feed;
    private final Entries entries;
    private final Numbers numbers;
    private final ChangeLog log = new ChangeLog(0, KEPT);

    FolderChanges(AccountFeed feed, Entries entries, Numbers numbers) {
        this.feed = feed;
        this.entries = entries;
        this.numbers = numbers;
    }

    /** From here on all changes are known. */
    void begin() {
        log.clear(numbers.modSeq());
    }

    ChangeLog log() {
        return log;
    }

    private void tell(Change change, Consumer<Change> out) {
        numbers.reached(change.modSeq());
        log.add(change);
        out.accept(change);
    }

    /** Takes in messages that have their UID; returns them as they are with their mod-sequence. */
    List<Entry> add(MailboxName name, List<Entry> fresh) {
        List<EmailId> ids = fresh.stream().map(Entry::emailId).toList();
        return feed.publish((modSeq, out) -> {
            List<Entry> added = new ArrayList<>(fresh.size());
            for (Entry entry : fresh) {
                Entry numbered = entry.at(modSeq);
                entries.add(numbered);
                tell(new Change.Added(modSeq, name, numbered.uid(), ids.get(added.size())), out);
                added.add(numbered);
            }
            return added;
        });
    }

    /** Replaces the entry of a message. */
    Entry reflag(MailboxName name, Entry entry, Flags flags) {
        Message before = entry.message();
        return feed.publish((modSeq, out) -> {
            Entry changed = entry.with(
                    new Message(before.uid(), modSeq, flags, before.internalDate(), before.size()), entry.info());
            entries.replace(changed);
            tell(new Change.FlagsChanged(modSeq, name, before.uid()), out);
            return changed;
        });
    }

    /** Drops messages; returns the mod-sequence of that. */
    long remove(MailboxName name, List<Entry> gone) {
        List<EmailId> ids = gone.stream().map(Entry::emailId).toList();
        return feed.publish((modSeq, out) -> {
            for (int i = 0; i < ids.size(); i++) {
                tell(new Change.Expunged(modSeq, name, gone.get(i).uid(), ids.get(i)), out);
            }
            entries.removeAll(uids(gone));
            return modSeq;
        });
    }

    /** Drops all messages with their mailbox: the account is told of that alone. */
    long removeAll(MailboxName name) {
        List<Entry> gone = List.copyOf(entries.all());
        long modSeq = feed.publish((number, _) -> {
            for (Entry entry : gone) {
                tell(new Change.Expunged(number, name, entry.uid(), entry.emailId()), _ -> {});
            }
            entries.removeAll(uids(gone));
            return number;
        });
        feed.deleted(name);
        return modSeq;
    }

    private static Set<Long> uids(List<Entry> entries) {
        Set<Long> uids = HashSet.newHashSet(entries.size());
        entries.forEach(entry -> uids.add(entry.uid()));
        return uids;
    }
}
