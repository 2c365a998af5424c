package org.posthorn.mailbox.maildir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.posthorn.mailbox.Change;

/**
 * The last changes, of an account or of one mailbox, so that telling a session what is new costs by the changes, not by the messages.
 * Not thread-safe.
 */
final class ChangeLog {
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final int max;
    private long complete;

    /**
     * @param complete the mod-sequence after which all changes will be told to the log
     * @param max changes that are kept
     */
    ChangeLog(long complete, int max) {
        this.complete = complete;
        this.max = max;
    }

    void add(Change change) {
        changes.add(change);
        if (changes.size() > max) {
            complete = changes.remove().modSeq();
        }
    }

    int size() {
        return changes.size();
    }

    /** Forgets all there is, up to this mod-sequence. */
    void clear(long modSeq) {
        changes.clear();
        complete = modSeq;
    }

    /** Whether {@link #since} tells everything after this mod-sequence. */
    boolean covers(long modSeq) {
        return modSeq >= complete;
    }

    /** The changes after a point, in their order. */
    List<Change> since(long modSeq) {
        List<Change> found = new ArrayList<>();
        for (Iterator<Change> latest = changes.descendingIterator(); latest.hasNext(); ) {
            Change change = latest.next();
            if (change.modSeq() <= modSeq) {
                break;
            }
            found.add(change);
        }
        return found.reversed();
    }
}
