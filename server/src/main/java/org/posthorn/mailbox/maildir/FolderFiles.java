package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The three directories of a folder. Immutable. */
record FolderFiles(Path folder, Path cur, Path fresh, Path tmp) {
    static FolderFiles of(Path folder) {
        return new FolderFiles(folder, folder.resolve("cur"), folder.resolve("new"), folder.resolve("tmp"));
    }

    private static final long ABANDONED_HOURS = 36;

    private static final int COUNT_BUFFER = 16 * 1024;

    /** What can be told of a file. */
    record Measure(long fileSize, long size, long date) {}

    void create() throws IOException {
        Files.createDirectories(tmp);
        Files.createDirectories(fresh);
        Files.createDirectories(cur);
    }

    /** All message files of one of the directories, in no order; names starting with a dot are none. */
    static List<FileName> list(Path directory) throws IOException {
        List<FileName> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path path : stream) {
                String name = path.getFileName().toString();
                if (name.charAt(0) != '.') {
                    names.add(FileName.parse(name));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    static FileTime modified(Path directory) throws IOException {
        return Files.getLastModifiedTime(directory);
    }

    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    Path inCur(Entry entry) {
        return cur.resolve(entry.fileName());
    }

    /** Sizes and date of a file in {@code cur}: from its name where that tells, else from the file; empty when it is gone. */
    Optional<Measure> measure(FileName name) throws IOException {
        long named = name.fileSize().orElse(-1);
        long virtual = name.virtualSize().orElse(-1);
        if (named >= 0 && virtual >= named && name.tellsDate()) {
            return Optional.of(new Measure(named, virtual, name.seconds() * 1000));
        }
        Path path = cur.resolve(name.text());
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return Optional.empty();
            }
            long actual = attributes.size();
            long size = actual == named && virtual >= named ? virtual : actual + bareLineFeeds(path);
            return Optional.of(
                    new Measure(actual, size, attributes.lastModifiedTime().toMillis()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static long bareLineFeeds(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return bareLineFeeds(channel);
        }
    }

    /** How many octets conversion to CRLF line ends adds. */
    static long bareLineFeeds(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(COUNT_BUFFER);
        byte[] bytes = buffer.array();
        long count = 0;
        byte last = 0;
        for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
            for (int i = 0; i < n; i++) {
                byte b = bytes[i];
                if (b == '\n' && last != '\r') {
                    count++;
                }
                last = b;
            }
            buffer.clear();
        }
        return count;
    }

    /** Looks for a message by the key in its name; removes it when it is shorter than its name says. */
    boolean hasWhole(String key) throws IOException {
        boolean found = false;
        for (Path directory : List.of(fresh, cur)) {
            for (FileName name : list(directory)) {
                if (name.key().equals(key)) {
                    Path path = directory.resolve(name.text());
                    if (!Files.exists(path)
                            || Files.size(path) == name.fileSize().orElse(-1)) {
                        found = true;
                    } else {
                        Files.deleteIfExists(path);
                    }
                }
            }
        }
        return found;
    }

    /**
     * Takes out of sight what a power loss has cut off: files that we made and that are shorter than their names say. Nobody was
     * promised them; what was delivered comes again from the queue.
     */
    void removeTorn() throws IOException {
        for (Path directory : List.of(fresh, cur)) {
            for (FileName name : list(directory)) {
                Path path = directory.resolve(name.text());
                if (name.isOurs()
                        && Files.exists(path)
                        && Files.size(path) < name.fileSize().orElse(0)) {
                    rename(path, tmp.resolve(name.base()));
                }
            }
        }
    }

    /** Removes what others have left behind in {@code tmp}: a delivery takes no 36 hours (maildir(5)). */
    void tidyTmp(long now) throws IOException {
        for (FileName name : list(tmp)) {
            Path path = tmp.resolve(name.text());
            if (Files.isRegularFile(path)
                    && now - Files.getLastModifiedTime(path).toMillis() > TimeUnit.HOURS.toMillis(ABANDONED_HOURS)) {
                Files.deleteIfExists(path);
            }
        }
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
