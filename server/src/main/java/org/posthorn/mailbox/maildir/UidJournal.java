package org.posthorn.mailbox.maildir;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * A folder's {@code dovecot-uidlist}, as the journal of the UIDs we give: a line is in the file before a client sees the UID, so
 * that a killed process forgets none. Appended without a sync; what a power loss may take is covered by the durable ceiling.
 * Guarded by the folder's lock.
 */
final class UidJournal {
    private static final FileTime NEVER = FileTime.fromMillis(-1);

    private final Path file;
    private FileTime seenTime = NEVER;
    private long seenSize = -1;
    private long lines;
    private boolean torn;

    UidJournal(Path folder) {
        this.file = folder.resolve("dovecot-uidlist");
    }

    /** The list, unless it is as we left it; empty also when there is none or it makes no sense. */
    Optional<UidList> readIfChanged() throws IOException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            seenSize = -1;
            return Optional.empty();
        }
        if (now.size() == seenSize && now.lastModifiedTime().equals(seenTime)) {
            return Optional.empty();
        }
        seenTime = now.lastModifiedTime();
        seenSize = now.size();
        try (FileChannel channel = FolderFiles.open(file);
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel))) {
            UidList list = UidList.read(in);
            torn = !FolderFiles.endsLine(channel);
            lines = list.uids().size();
            return Optional.of(list);
        } catch (MalformedUidListException e) {
            seenSize = -1;
            return Optional.empty();
        }
    }

    /** Whether a list that was read lies in another file than the one it was written into. */
    boolean isCopy(UidList list) throws IOException {
        return Birth.of(file).isOfAnother(list.birth());
    }

    /** Whether the list must be written anew: there is none, or most of its lines are of messages long gone. */
    boolean wantsRewrite(int messages) {
        return torn || seenSize < 0 || lines > 2L * messages + 1000;
    }

    /** False when somebody has removed the list: it must be written anew. */
    boolean append(Iterable<Entry> entries) throws IOException {
        StringBuilder text = new StringBuilder(200);
        for (Entry entry : entries) {
            text.append(UidList.entry(entry.message().uid(), entry.base()));
            lines++;
        }
        // A full disk may have taken half a line, to which nothing must be added.
        torn = true;
        try {
            Files.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1), WRITE, APPEND, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        }
        torn = false;
        remember();
        return true;
    }

    void rewrite(long validity, long next, Iterable<Entry> entries) throws IOException {
        Path fresh = file.resolveSibling("dovecot-uidlist.tmp");
        lines = 0;
        try (BufferedWriter out = Files.newBufferedWriter(
                fresh, StandardCharsets.ISO_8859_1, CREATE, TRUNCATE_EXISTING, WRITE, NOFOLLOW_LINKS)) {
            out.write(UidList.header(validity, next, Birth.of(fresh)));
            for (Entry entry : entries) {
                out.write(UidList.entry(entry.message().uid(), entry.base()));
                lines++;
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        torn = false;
        remember();
    }

    private void remember() throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        seenTime = now.lastModifiedTime();
        seenSize = now.size();
    }
}
