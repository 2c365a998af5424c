package org.posthorn.mailbox.maildir;

/** The numbers of a folder. Guarded by the folder's lock. */
final class Numbers {
    private long uidValidity;
    private long uidNext = 1;
    private long modSeq = 1;
    private long recentFrom = 1;

    Numbers(long uidValidity) {
        this.uidValidity = uidValidity;
    }

    void adopt(long validity, long next) {
        uidValidity = validity;
        uidNext = next;
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

    void claimRecent() {
        recentFrom = uidNext;
    }

    long takeUid() {
        return uidNext++;
    }

    void atLeast(long next) {
        uidNext = Math.max(uidNext, next);
    }

    void reached(long changed) {
        modSeq = Math.max(modSeq, changed);
    }
}
