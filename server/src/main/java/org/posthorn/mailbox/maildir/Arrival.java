package org.posthorn.mailbox.maildir;

import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;

/** A file in {@code cur} that has no UID yet. */
record Arrival(FileName name, FolderFiles.Measure measure, Flags flags) {
    /** With this UID; its mod-sequence is to come. */
    Entry entry(long uid) {
        return new Entry(
                new Message(uid, 0, flags, measure.date(), measure.size()),
                name.base(),
                name.info().intern(),
                measure.fileSize());
    }
}
