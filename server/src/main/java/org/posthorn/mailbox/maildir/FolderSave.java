package org.posthorn.mailbox.maildir;

import java.util.List;
import java.util.Map;

/**
 * Changes of a folder on their way into the index.
 *
 * @param whole every message is among the changed: what the index holds of others goes
 */
record FolderSave(
        FolderRow row,
        boolean whole,
        List<Saved> changed,
        List<Gone> gone,
        Map<Long, byte[]> structures,
        Map<Long, byte[]> headers) {
    /** A message, with the keywords that its file name cannot hold, separated by spaces. */
    record Saved(Entry entry, String moreKeywords) {}

    /** A message that was removed. */
    record Gone(long uid, long modSeq) {}
}
