package org.posthorn.mailbox.maildir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.mailbox.Message;

/** The messages of a folder by UID. Guarded by the folder's lock. */
final class Entries {
    private final ArrayList<Entry> list = new ArrayList<>();

    int size() {
        return list.size();
    }

    List<Entry> all() {
        return list;
    }

    List<Message> messages() {
        Message[] messages = new Message[list.size()];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = list.get(i).message();
        }
        return List.of(messages);
    }

    /** From a UID on, at most so many. */
    List<Message> messagesFrom(long uid, int max) {
        int at = position(uid);
        int start = at >= 0 ? at : -at - 1;
        Message[] messages = new Message[Math.min(max, list.size() - start)];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = list.get(start + i).message();
        }
        return List.of(messages);
    }

    /** What STATUS tells of these. */
    MailboxStatus status(UidState numbers) {
        long recent = 0;
        long unseen = 0;
        long deleted = 0;
        long size = 0;
        for (Entry entry : list) {
            Message message = entry.message();
            recent += message.uid() >= numbers.recentFrom() ? 1 : 0;
            unseen += message.flags().has(Flags.SEEN) ? 0 : 1;
            deleted += message.flags().has(Flags.DELETED) ? 1 : 0;
            size += message.size();
        }
        return new MailboxStatus(
                list.size(), recent, unseen, deleted, size, numbers.uidNext(), numbers.uidValidity(), numbers.modSeq());
    }

    Optional<Entry> find(long uid) {
        int at = position(uid);
        return at < 0 ? Optional.empty() : Optional.of(list.get(at));
    }

    /** Adds an entry, most often behind all others. */
    void add(Entry entry) {
        if (list.isEmpty() || list.getLast().uid() < entry.uid()) {
            list.add(entry);
            return;
        }
        int at = position(entry.uid());
        if (at >= 0) {
            throw new IllegalStateException("UID " + entry.uid() + " is taken");
        }
        list.add(-at - 1, entry);
    }

    /** Puts a changed entry in the place of the one with its UID. */
    void replace(Entry entry) {
        list.set(position(entry.uid()), entry);
    }

    void removeAll(Set<Long> uids) {
        if (uids.size() == 1) {
            int at = position(uids.iterator().next());
            if (at >= 0) {
                list.remove(at);
            }
        } else if (!uids.isEmpty()) {
            list.removeIf(entry -> uids.contains(entry.uid()));
        }
    }

    Map<String, Entry> byBase() {
        Map<String, Entry> map = HashMap.newHashMap(list.size());
        for (Entry entry : list) {
            map.put(entry.base(), entry);
        }
        return map;
    }

    /** Those with one of these names, by name. */
    Map<String, Entry> withBases(Set<String> bases) {
        Map<String, Entry> found = new HashMap<>();
        for (Entry entry : list) {
            if (bases.contains(entry.base())) {
                found.put(entry.base(), entry);
            }
        }
        return found;
    }

    private int position(long uid) {
        int low = 0;
        int high = list.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = list.get(middle).uid();
            if (found == uid) {
                return middle;
            }
            if (found < uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
