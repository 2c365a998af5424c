package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The directory that all mail is in, told from another that takes its place: where its file system goes away while the server runs, the
 * empty directory below would look like mailboxes without mail, and clients would believe it.
 */
final class Ground {
    private final Path directory;
    private final Optional<Object> known;

    /** @throws IOException there is no such directory */
    Ground(Path directory) throws IOException {
        this.directory = directory;
        this.known = key();
    }

    /** Device and inode; empty where the system does not tell. */
    private Optional<Object> key() throws IOException {
        return Optional.ofNullable(
                Files.readAttributes(directory, BasicFileAttributes.class).fileKey());
    }

    /** @throws IOException the directory is gone, or it is another one */
    void require() throws IOException {
        Optional<Object> now;
        try {
            now = key();
        } catch (IOException e) {
            throw new IOException(
                    "the directory of the mailboxes, " + directory + ", is gone: is its file system mounted?", e);
        }
        if (!now.equals(known)) {
            throw new IOException("another directory is in the place of that of the mailboxes, " + directory
                    + ": is its file system mounted? If all is as it should be, restart the server");
        }
    }
}
