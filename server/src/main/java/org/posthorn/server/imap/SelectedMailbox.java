package org.posthorn.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.MessageRuns;
import org.posthorn.mailbox.SearchQuery.UidRange;
import org.posthorn.protocol.imap.SequenceSet;

/**
 * A session's view of its mailbox: which message has which sequence number, as far as the client has been told. Messages that
 * are gone keep their number until the client may hear of it (RFC 3501 7.4.1). Belongs to the session; not thread-safe.
 */
final class SelectedMailbox {
    private static final int[] NO_UIDS = new int[0];

    private final Mailbox mailbox;
    private final boolean readOnly;
    private int[] uids;
    private int count;
    private long modSeq;
    private List<Long> gone = List.of();
    /** Ranges of UIDs that are recent here: first and last alternately. */
    private long[] recent = new long[0];

    private Map<Long, Long> told = Map.of();
    private Set<String> keywords;

    SelectedMailbox(Mailbox mailbox, boolean readOnly) {
        this.mailbox = mailbox;
        this.readOnly = readOnly;
        this.keywords = mailbox.keywords();
        // Before the messages: what changes in between is told twice rather than never.
        this.modSeq = mailbox.highestModSeq();
        long firstRecent = mailbox.recentFrom(!readOnly);
        this.uids = NO_UIDS;
        for (Message message : MessageRuns.of(mailbox)) {
            add(message.uid());
        }
        uids = Arrays.copyOf(uids, count);
        addRecent(firstRecent);
    }

    /** Adds what is above all that was recent before: a session that may not claim is told of the same again. */
    private void addRecent(long from) {
        long last = largestUid();
        long first = recent.length == 0 ? from : Math.max(from, recent[recent.length - 1] + 1);
        if (first <= last) {
            recent = Arrays.copyOf(recent, recent.length + 2);
            recent[recent.length - 2] = first;
            recent[recent.length - 1] = last;
        }
    }

    Mailbox mailbox() {
        return mailbox;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** How many messages the client knows of: the largest sequence number. */
    int size() {
        return count;
    }

    /** The UID of a sequence number. */
    long uid(int sequence) {
        return uids[sequence - 1] & 0xffff_ffffL;
    }

    long largestUid() {
        return count == 0 ? 0 : uid(count);
    }

    /** The sequence number of a UID, or the negative of the number that it would come before. */
    int sequence(long uid) {
        int low = 1;
        int high = count;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = uid(middle);
            if (there == uid) {
                return middle;
            }
            if (there < uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low;
    }

    boolean isRecent(long uid) {
        for (int i = 0; i < recent.length; i += 2) {
            if (uid >= recent[i] && uid <= recent[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** The UIDs that are recent here, and perhaps others between them that no message has. */
    List<UidRange> recent() {
        List<UidRange> ranges = new ArrayList<>(recent.length / 2);
        for (int i = 0; i < recent.length; i += 2) {
            ranges.add(new UidRange(recent[i], recent[i + 1]));
        }
        return ranges;
    }

    /** The UIDs in a set, which is of numbers or of UIDs. */
    List<UidRange> uidRanges(SequenceSet set, boolean byUid) {
        List<UidRange> ranges = new ArrayList<>();
        for (SequenceSet.Range range : set.resolve(byUid ? largestUid() : count)) {
            if (byUid) {
                ranges.add(new UidRange(range.first(), range.last()));
            } else if (range.first() <= count) {
                ranges.add(new UidRange(uid((int) range.first()), uid((int) Math.min(count, range.last()))));
            }
        }
        return ranges;
    }

    int recentCount() {
        int total = 0;
        for (int i = 0; i < recent.length; i += 2) {
            total += Math.abs(sequence(recent[i + 1] + 1)) - Math.abs(sequence(recent[i]));
        }
        return total;
    }

    /** Sequence numbers in a set, ascending: by number or by UID; UIDs that nobody has are passed over (6.4.8). */
    int[] resolve(SequenceSet set, boolean byUid) {
        List<SequenceSet.Range> ranges = set.resolve(byUid ? largestUid() : count);
        int[] found = new int[Math.min(count, 16)];
        int used = 0;
        for (SequenceSet.Range range : ranges) {
            int first = byUid ? Math.abs(sequence(range.first())) : (int) Math.min(range.first(), count + 1L);
            long last = byUid ? Math.abs(sequence(range.last() + 1)) - 1L : Math.min(range.last(), count);
            for (int number = first; number <= last; number++) {
                if (used == found.length) {
                    found = Arrays.copyOf(found, Math.min(count, used * 2));
                }
                found[used++] = number;
            }
        }
        return used == found.length ? found : Arrays.copyOf(found, used);
    }

    List<Long> uids(int[] sequences) {
        List<Long> result = new ArrayList<>(sequences.length);
        for (int sequence : sequences) {
            result.add(uid(sequence));
        }
        return result;
    }

    /** The client is told of this state by the command itself; {@link #announce} need not repeat it. */
    void told(Message message) {
        if (told.isEmpty()) {
            told = new HashMap<>();
        }
        told.put(message.uid(), message.modSeq());
    }

    /** Messages that have changed in a way that the client has not been told of. */
    Set<Long> untold() throws IOException {
        return mailbox.changesSince(modSeq).changed().stream()
                .filter(message -> told.getOrDefault(message.uid(), 0L) < message.modSeq())
                .map(Message::uid)
                .collect(Collectors.toSet());
    }

    /**
     * Tells the client what has changed since the last time: EXPUNGE only where allowed, EXISTS and RECENT, and the flags of
     * messages that it knows.
     */
    void announce(Responses out, boolean expungeAllowed, boolean withUid) throws IOException {
        Changes changes = mailbox.changesSince(modSeq);
        modSeq = changes.modSeq();
        if (!changes.expunged().isEmpty()) {
            gone = gone.isEmpty() ? changes.expunged() : joined(gone, changes.expunged());
        }
        if (expungeAllowed && !gone.isEmpty()) {
            announceExpunged(out);
        }
        if (!changes.changed().isEmpty()) {
            announceChanged(out, changes.changed(), withUid);
        }
        told = Map.of();
    }

    private static List<Long> joined(List<Long> first, List<Long> second) {
        List<Long> all = new ArrayList<>(first.size() + second.size());
        all.addAll(first);
        all.addAll(second);
        all.sort(null);
        return all;
    }

    private void announceExpunged(Responses out) {
        int removed = 0;
        int kept = 0;
        int next = 0;
        for (int i = 0; i < count; i++) {
            long uid = uids[i] & 0xffff_ffffL;
            while (next < gone.size() && gone.get(next) < uid) {
                next++;
            }
            if (next < gone.size() && gone.get(next) == uid) {
                out.buffer().text("* ").number(i + 1L - removed++).text(" EXPUNGE");
                out.endOfLine();
            } else {
                uids[kept++] = uids[i];
            }
        }
        count = kept;
        gone = List.of();
        if (uids.length > 64 && count < uids.length / 4) {
            uids = Arrays.copyOf(uids, count);
        }
    }

    private void announceChanged(Responses out, List<Message> changed, boolean withUid) {
        announceNewKeywords(out);
        int before = count;
        long known = largestUid();
        for (Message message : changed) {
            if (message.uid() > known) {
                add(message.uid());
            }
        }
        if (count > before) {
            addRecent(mailbox.recentFrom(!readOnly));
            out.buffer().text("* ").number(count).text(" EXISTS");
            out.endOfLine();
            out.buffer().text("* ").number(recentCount()).text(" RECENT");
            out.endOfLine();
        }
        for (Message message : changed) {
            int sequence = message.uid() > known ? 0 : sequence(message.uid());
            if (sequence > 0 && told.getOrDefault(message.uid(), 0L) < message.modSeq()) {
                FlagText.fetch(out, sequence, message, isRecent(message.uid()), withUid);
            }
        }
    }

    private void add(long uid) {
        if (count == uids.length) {
            uids = Arrays.copyOf(uids, Math.max(16, count + (count >> 2)));
        }
        uids[count++] = (int) uid;
    }

    /** New keywords are told before the flags that use them (7.2.6). */
    void announceNewKeywords(Responses out) {
        Set<String> now = mailbox.keywords();
        if (!now.equals(keywords)) {
            keywords = now;
            FlagText.available(out, now, readOnly);
        }
    }

    Set<String> keywords() {
        return keywords;
    }
}
