package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.posthorn.storage.AtomicFiles;

/**
 * A file beside the directory of the mailboxes that says that there is something in it. A server that starts before its file system is
 * mounted finds the empty directory below: it would take everybody's mail for gone, tell clients so, and deliver where nobody looks
 * later.
 */
public final class MountNote {
    private final Path note;
    private final Path directory;

    /**
     * @param note the file, on the file system of the other data
     * @param directory of the mailboxes
     */
    public MountNote(Path note, Path directory) {
        this.note = note;
        this.directory = directory;
    }

    /**
     * To be asked before anything is made there; writes the note where it is due.
     *
     * @throws IOException nothing is there, and there was
     */
    public void require() throws IOException {
        if (!isEmpty()) {
            write();
        } else if (Files.exists(note)) {
            throw new IOException("nothing is in the directory of the mailboxes, " + directory
                    + ", and there was: is its file system mounted? If the mail is gone for good, remove " + note);
        }
    }

    /** To be called at the end, when the mailboxes may have come meanwhile. */
    public void write() throws IOException {
        if (!isEmpty() && Files.notExists(note)) {
            AtomicFiles.write(
                    note,
                    "There is mail. Posthorn does not start when it finds none.\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A new file system is as good as empty. */
    private boolean isEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.allMatch(entry -> entry.endsWith("lost+found"));
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
