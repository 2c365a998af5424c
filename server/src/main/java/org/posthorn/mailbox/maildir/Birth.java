package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells a file from its copies, by its inode and the time that inode was made. A move on one file system keeps both; cp, rsync, tar and
 * all others that write a copy cannot give it either.
 *
 * @param born nanoseconds since 1970
 */
record Birth(long inode, long born) {
    /** Where the system does not tell; equal to all that is not known. */
    static final Birth UNKNOWN = new Birth(0, 0);

    /** In the directory of the mail: copies are taken for what they are copies of. */
    private static final String KEEP = "keep-uidvalidity";

    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    static Birth of(Path file) throws IOException {
        Map<String, Object> told = Files.readAttributes(file, "unix:ino,creationTime");
        if (told.get("ino") instanceof Long inode && told.get("creationTime") instanceof FileTime born) {
            return new Birth(inode, born.to(TimeUnit.NANOSECONDS));
        }
        return UNKNOWN;
    }

    /**
     * Whether copies are to be found out in this directory: the administrator has not said otherwise, and the file system keeps the time
     * at which a file was made.
     */
    static boolean isAsked(Path directory) throws IOException {
        if (Files.exists(directory.resolve(KEEP))) {
            return false;
        }
        Path probe = Files.createTempFile(directory, ".birth-", "");
        try {
            Files.setLastModifiedTime(probe, LONG_AGO);
            Object born = Files.getAttribute(probe, "unix:creationTime");
            return born instanceof FileTime time && time.toMillis() > LONG_AGO.toMillis() + TimeUnit.DAYS.toMillis(1);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        } finally {
            try {
                Files.delete(probe);
            } catch (NoSuchFileException e) {
                // Another start tidied it.
            }
        }
    }

    /** Whether what was written into a file about itself shows that the file is a copy. */
    boolean isOfAnother(Birth recorded) {
        return !recorded.equals(UNKNOWN) && !recorded.equals(this);
    }
}
