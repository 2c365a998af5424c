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
        Map<Long, byte[]> headers,
        List<Inherited> inherited) {
    /** A message, with the keywords that its file name cannot hold, separated by spaces. */
    record Saved(Entry entry, String moreKeywords) {}

    /** A message that was removed; one that moved leaves its rows to whoever inherits them. */
    record Gone(long uid, long modSeq, boolean moved) {}

    /**
     * A message that was copied or moved here, for which the rows of its header and structure are taken from another.
     *
     * @param moved whether that one has no use for them any more
     */
    record Inherited(long uid, Origin from, boolean moved) {}

    /** A message of any mailbox of the account. */
    record Origin(long validity, long uid) {}
}
