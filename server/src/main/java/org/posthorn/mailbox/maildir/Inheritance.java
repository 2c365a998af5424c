package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.util.Optional;

/**
 * What the index knows of messages besides their entries, header fields and structure, goes along when they are copied or moved, so that no copy is read for
 * it again. One for each folder, guarded by its lock.
 */
final class Inheritance {
    private final Folder folder;

    Inheritance(Folder folder) {
        this.folder = folder;
    }

    /**
     * What is known of a message: in memory, or where the index has it or will have it.
     *
     * @param header only as long as the index has not been told
     * @param structure likewise
     */
    record Known(FolderSave.Origin origin, Optional<byte[]> header, Optional<byte[]> structure) {}

    Known known(long uid) throws IOException {
        folder.lock.lock();
        try {
            tell(uid);
            FolderSave.Origin here = new FolderSave.Origin(folder.uidState.uidValidity(), uid);
            return new Known(here, folder.pending.header(uid), folder.pending.structure(uid));
        } finally {
            folder.lock.unlock();
        }
    }

    /** Has the index told now of a message that was copied or moved here, so that it answers what it knows of it. */
    void tell(long uid) throws IOException {
        folder.lock.lock();
        try {
            if (folder.pending.inherits(uid)) {
                folder.save(false);
            }
        } finally {
            folder.lock.unlock();
        }
    }

    /** A message here is the copy of one of which this is known, or, where it moved, that one itself; the lock is held. */
    void take(long uid, Known known, boolean moved) {
        folder.pending.inherit(new FolderSave.Inherited(uid, known.origin(), moved));
        known.header().ifPresent(row -> folder.pending.header(uid, row));
        known.structure().ifPresent(data -> folder.pending.structure(uid, data));
    }
}
