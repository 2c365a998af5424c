package org.posthorn.mailbox.maildir;

/**
 * What the index holds of a folder.
 *
 * @param directory name below the Maildir, empty for INBOX
 * @param modSeq of the last change in it; above it the account has its ceiling
 * @param uidCeiling durable: no UID from here on was ever given
 * @param expungedFloor removals up to this mod-sequence are no longer known one by one
 * @param curSeen time of {@code cur} in nanoseconds at which the messages below were right; 0 when not known
 * @param boot of the machine when this was written
 * @param run of the program that wrote this
 */
record FolderRow(
        long validity,
        String directory,
        long uidNext,
        long uidCeiling,
        long modSeq,
        long recentFrom,
        long expungedFloor,
        long curSeen,
        long newSeen,
        String boot,
        String run) {}
