package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.posthorn.mailbox.MailboxName;

/** The folders of a Maildir, kept as long as its directory does not change. Guarded by the account's lock. */
final class FolderList {
    private static final FileTime UNKNOWN = FileTime.fromMillis(0);
    private static final long RACY_MILLIS = 50;

    private final Path maildir;
    private FileTime seen = UNKNOWN;
    private NavigableMap<MailboxName, Path> folders = new TreeMap<>();

    FolderList(Path maildir) {
        this.maildir = maildir;
    }

    /** Every mailbox with its directory, INBOX included. */
    NavigableMap<MailboxName, Path> all() throws IOException {
        FileTime modified = Files.getLastModifiedTime(maildir);
        if (!modified.equals(seen)) {
            NavigableMap<MailboxName, Path> found = list();
            folders = found;
            seen = System.currentTimeMillis() - modified.toMillis() > RACY_MILLIS ? modified : UNKNOWN;
        }
        return folders;
    }

    Optional<Path> find(MailboxName name) throws IOException {
        return Optional.ofNullable(all().get(name));
    }

    /** Where a new folder would lie. */
    Path place(MailboxName name) {
        return name.isInbox() ? maildir : maildir.resolve(FolderNames.directory(name));
    }

    /** Whether there is a mailbox below this name. */
    boolean hasChildren(MailboxName name) throws IOException {
        return all().keySet().stream().anyMatch(other -> other.isBelow(name));
    }

    /** The mailbox and all below it. */
    Map<MailboxName, Path> tree(MailboxName name) throws IOException {
        Map<MailboxName, Path> tree = new TreeMap<>(all());
        tree.keySet().removeIf(other -> !other.equals(name) && !other.isBelow(name));
        return tree;
    }

    /** Must be called after a change of ours. */
    void changed() {
        seen = UNKNOWN;
    }

    private NavigableMap<MailboxName, Path> list() throws IOException {
        NavigableMap<MailboxName, Path> found = new TreeMap<>();
        found.put(MailboxName.INBOX, maildir);
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(maildir, ".*")) {
            for (Path path : stream) {
                Optional<MailboxName> name =
                        FolderNames.mailbox(path.getFileName().toString());
                if (name.isPresent() && FolderFiles.isDirectory(path) && FolderFiles.isDirectory(path.resolve("cur"))) {
                    found.put(name.get(), path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }
}
