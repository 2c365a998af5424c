package org.posthorn.mailbox.maildir;

import java.io.IOException;

/**
 * The numbers of a folder. UIDs are given below a ceiling that is on stable storage, so that none is given twice after a power loss.
 * Guarded by the folder's lock.
 */
final class UidState {
    private static final long UID_BLOCK = 1_000;
    private static final long MAX_UID = 0xffff_ffffL;

    /** Makes the ceiling durable. */
    interface Raise {
        void run() throws IOException;
    }

    private final Raise raise;
    private long uidValidity;
    private long uidNext = 1;
    private long uidCeiling = 1;
    private long modSeq = 1;
    private long recentFrom = 1;
    private long expungedFloor;

    UidState(Raise raise) {
        this.raise = raise;
    }

    /** Begins a mailbox that is new, or whose index is lost: nothing is known of what was removed before. */
    void begin(long validity, long next, long firstModSeq) {
        uidValidity = validity;
        uidNext = next;
        uidCeiling = next;
        modSeq = firstModSeq;
        expungedFloor = firstModSeq;
        recentFrom = next;
    }

    /**
     * Goes on where the index says, or above what may have been given since and be lost.
     *
     * @param given no mod-sequence above this was given before this process
     */
    void resume(FolderRow row, BootId bootId, long given) {
        uidValidity = row.validity();
        uidCeiling = row.uidCeiling();
        recentFrom = row.recentFrom();
        expungedFloor = row.expungedFloor();
        // The list of UIDs survives the end of the process, but not a power loss.
        uidNext = row.boot().equals(bootId.boot()) ? row.uidNext() : row.uidCeiling();
        modSeq = row.run().equals(bootId.run()) ? row.modSeq() : Math.max(row.modSeq(), given);
    }

    FolderRow row(String directory, long curSeen, long newSeen, BootId bootId) {
        return new FolderRow(
                uidValidity,
                directory,
                uidNext,
                uidCeiling,
                modSeq,
                recentFrom,
                expungedFloor,
                curSeen,
                newSeen,
                bootId.boot(),
                bootId.run());
    }

    long uidValidity() {
        return uidValidity;
    }

    long uidNext() {
        return uidNext;
    }

    long modSeq() {
        return modSeq;
    }

    long recentFrom() {
        return recentFrom;
    }

    /** Whether anything was recent. */
    boolean claimRecent() {
        boolean changed = recentFrom != uidNext;
        recentFrom = uidNext;
        return changed;
    }

    /** Messages that were there before we first saw the mailbox, and unseen by all, are recent. */
    void recentFrom(long uid) {
        recentFrom = uid;
    }

    /** The first of so many UIDs, taken one after another. */
    long takeUids(int count) throws IOException {
        // RFC 3501 2.3.1.1: 32 bits. At a thousand messages a second they last 49 days of that; only a list that others
        // wrote gets there.
        if (uidNext + count > MAX_UID) {
            throw new IOException("no UIDs are left in this mailbox");
        }
        if (uidNext + count > uidCeiling) {
            raise(uidNext + count + UID_BLOCK);
        }
        long first = uidNext;
        uidNext += count;
        return first;
    }

    /** Another program gave UIDs below this. */
    void atLeast(long next) throws IOException {
        if (next > uidNext) {
            takeUids(Math.toIntExact(Math.min(next - uidNext, Integer.MAX_VALUE)));
        }
    }

    private void raise(long uids) throws IOException {
        long before = uidCeiling;
        uidCeiling = uids;
        try {
            raise.run();
        } catch (IOException | RuntimeException e) {
            uidCeiling = before;
            throw e;
        }
    }

    /** The index was lost: the ceiling counts no longer. */
    void lostCeiling() {
        uidCeiling = uidNext;
    }

    /** A change took place under this mod-sequence. */
    void reached(long changed) {
        modSeq = Math.max(modSeq, changed);
    }
}
