package org.posthorn.mailbox.maildir;

import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;

/** A file in {@code cur} that has no UID yet. */
record Arrival(FileName name, FolderFiles.Measure measure, Flags flags) {
    Entry entry(long uid, long modSeq) {
        return new Entry(
                new Message(uid, modSeq, flags, measure.date(), measure.size()),
                name.base(),
                name.info().intern(),
                measure.fileSize());
    }
}
