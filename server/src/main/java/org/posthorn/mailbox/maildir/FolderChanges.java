package org.posthorn.mailbox.maildir;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final UidState numbers;
    private final ChangeLog log = new ChangeLog(0, KEPT);

    FolderChanges(AccountFeed feed, Entries entries, UidState numbers) {
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

    private void tell(Change change, ChangeLog account) {
        numbers.reached(change.modSeq());
        log.add(change);
        account.add(change);
    }

    /** What happened at once is too much to be told one by one: ids are not worked out for what is not kept. */
    private void tooMany(long modSeq, ChangeLog account) {
        numbers.reached(modSeq);
        log.clear(modSeq);
        account.clear(modSeq);
    }

    private static List<EmailId> ids(List<Entry> messages) {
        return messages.size() > AccountFeed.KEPT
                ? List.of()
                : messages.stream().map(Entry::emailId).toList();
    }

    /** Takes in messages that have their UID; returns them as they are with their mod-sequence. */
    List<Entry> add(MailboxName name, List<Entry> fresh) {
        List<EmailId> ids = ids(fresh);
        return feed.publish((modSeq, out) -> {
            List<Entry> added = fresh.stream().map(entry -> entry.at(modSeq)).toList();
            added.forEach(entries::add);
            if (ids.isEmpty()) {
                tooMany(modSeq, out);
            }
            for (int i = 0; i < ids.size(); i++) {
                tell(new Change.Added(modSeq, name, added.get(i).uid(), ids.get(i)), out);
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
        List<EmailId> ids = ids(gone);
        return feed.publish((modSeq, out) -> {
            entries.removeAll(uids(gone));
            if (ids.isEmpty()) {
                tooMany(modSeq, out);
            }
            for (int i = 0; i < ids.size(); i++) {
                tell(new Change.Expunged(modSeq, name, gone.get(i).uid(), ids.get(i)), out);
            }
            return modSeq;
        });
    }

    /** Drops all messages with their mailbox: the account is told of that alone. */
    long removeAll(MailboxName name) {
        long modSeq = feed.publish((number, _) -> {
            entries.removeAll(uids(List.copyOf(entries.all())));
            numbers.reached(number);
            // Who has it open finds that none is left.
            log.clear(number);
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
