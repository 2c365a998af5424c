package org.posthorn.queue.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.log.MailLog;
import org.posthorn.storage.AtomicFiles;
import org.posthorn.storage.LogPosition;

/**
 * What was found damaged in the spool, set aside in {@code spool/corrupt} for somebody to look at, as Postfix does with its queue
 * files: parts of the log under their segment and offset, large messages under their queue id. A fault until it is empty.
 */
final class CorruptFiles {
    private final Path directory;
    /** What earlier starts have set aside of segments that are still there: whoever has removed it shall not find it again. */
    private final Path list;

    private final Set<String> before;
    private final Set<String> found = new TreeSet<>();
    private final MailLog log;
    private boolean used;

    /** @throws IOException what was set aside before cannot be read */
    CorruptFiles(Path spool, MailLog log) throws IOException {
        this.directory = spool.resolve("corrupt");
        this.list = spool.resolve("set-aside");
        this.before = Files.exists(list) ? Set.copyOf(Files.readAllLines(list)) : Set.of();
        this.log = log;
    }

    /** Whether this process has set something aside. */
    boolean isUsed() {
        return used;
    }

    /** Keeps octets of the log; false where an earlier start has done so. */
    boolean keep(LogPosition position, ByteBuffer octets, String reason) throws IOException {
        String name = "%016d-%d".formatted(position.segment(), position.offset());
        found.add(name);
        if (before.contains(name)) {
            return false;
        }
        Path to = directory.resolve(name);
        byte[] content = new byte[octets.remaining()];
        octets.get(content);
        Files.createDirectories(directory);
        if (Files.notExists(to)) {
            AtomicFiles.write(to, content);
        }
        told(to, reason);
        return true;
    }

    /** All that is damaged has been found: the next start shall know it. */
    void foundAll() throws IOException {
        if (!found.equals(before)) {
            AtomicFiles.write(list, (String.join("\n", found) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Moves the file of a message here. */
    void move(Path file, String reason) throws IOException {
        Path to = directory.resolve(file.getFileName());
        Files.createDirectories(directory);
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        AtomicFiles.syncDirectory(directory);
        told(to, reason);
    }

    private void told(Path file, String reason) {
        used = true;
        log.event(MailLog.Level.ERROR, "spool", "", "record-set-aside", "file", file, "reason", reason);
    }

    /** A line while there is something. */
    List<String> faults() {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path ignored : files) {
                count++;
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            return List.of(directory + " cannot be read: " + e);
        }
        return count == 0
                ? List.of()
                : List.of(directory + " holds " + count
                        + " damaged records or messages; rescue what is wanted and remove them");
    }
}
