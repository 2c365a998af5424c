package org.posthorn.mailbox;

import java.util.List;

/**
 * What happened in a mailbox after a point.
 *
 * @param modSeq the point reached; pass it to the next call
 * @param changed messages that are new, or whose flags changed, ascending by UID; without those expunged since
 * @param expunged UIDs, ascending
 */
public record Changes(long modSeq, List<Message> changed, List<Long> expunged) {
    public boolean isEmpty() {
        return changed.isEmpty() && expunged.isEmpty();
    }
}
