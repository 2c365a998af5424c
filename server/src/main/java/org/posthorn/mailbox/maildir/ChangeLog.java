package org.posthorn.mailbox.maildir;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Set;

/** The last changes of a folder, so that telling a session what is new costs by the changes, not by the messages. Guarded by the folder's lock. */
final class ChangeLog {
    private static final int MAX = 512;

    private record Change(long modSeq, long uid, boolean expunged) {}

    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private long complete;

    /** @param complete the mod-sequence after which all changes will be told to the log */
    ChangeLog(long complete) {
        this.complete = complete;
    }

    void changed(long modSeq, long uid) {
        add(new Change(modSeq, uid, false));
    }

    void expunged(long modSeq, long uid) {
        add(new Change(modSeq, uid, true));
    }

    private void add(Change change) {
        changes.add(change);
        if (changes.size() > MAX) {
            complete = changes.remove().modSeq();
        }
    }

    /** Whether {@link #since} tells everything after this mod-sequence. */
    boolean covers(long modSeq) {
        return modSeq >= complete;
    }

    /** Adds the UIDs changed and expunged after a point; an expunged one may be in both. */
    void since(long modSeq, Set<Long> changed, Set<Long> expunged) {
        for (Iterator<Change> latest = changes.descendingIterator(); latest.hasNext(); ) {
            Change change = latest.next();
            if (change.modSeq() <= modSeq) {
                return;
            }
            (change.expunged() ? expunged : changed).add(change.uid());
        }
    }
}
