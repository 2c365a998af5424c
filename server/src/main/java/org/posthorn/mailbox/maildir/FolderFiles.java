package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import org.posthorn.mail.LineEnds;

/** The three directories of a folder. Immutable. */
record FolderFiles(Path folder, Path cur, Path fresh, Path tmp) {
    static FolderFiles of(Path folder) {
        return new FolderFiles(folder, folder.resolve("cur"), folder.resolve("new"), folder.resolve("tmp"));
    }

    private static final long ABANDONED_HOURS = 36;

    private static final int MAX_SMALL = 16 * 1024 * 1024;
    private static final int COUNT_BUFFER = 32 * 1024;

    /** What can be told of a file. */
    record Measure(long fileSize, long size, long date) {}

    void create() throws IOException {
        Files.createDirectories(tmp);
        Files.createDirectories(fresh);
        Files.createDirectories(cur);
    }

    /** All message files of one of the directories, in no order; names starting with a dot are none. */
    static List<FileName> list(Path directory) throws IOException {
        refuseLink(directory);
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

    /** How many files lie in {@code cur} and {@code new}; none of a folder that is gone. */
    long count() throws IOException {
        long count = 0;
        for (Path directory : java.util.List.of(cur, fresh)) {
            if (isDirectory(directory)) {
                try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                    for (Path ignored : stream) {
                        count++;
                    }
                } catch (DirectoryIteratorException e) {
                    throw e.getCause();
                }
            }
        }
        return count;
    }

    static FileTime modified(Path directory) throws IOException {
        return Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
    }

    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    Path inCur(Entry entry) {
        return cur.resolve(entry.fileName());
    }

    /**
     * Sizes and date of a file in {@code cur}: from its name as far as that agrees with the file, else from the file; empty when it is
     * gone, cannot be read or is no regular file.
     */
    Optional<Measure> measure(FileName name) throws IOException {
        long named = name.fileSize().orElse(-1);
        long virtual = name.virtualSize().orElse(-1);
        Path path = cur.resolve(name.text());
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                return Optional.empty();
            }
            long actual = attributes.size();
            boolean credible = actual == named && virtual >= named && virtual <= 2 * named;
            long size = credible ? virtual : actual + bareLineFeeds(path);
            long date = credible && name.tellsDate()
                    ? name.seconds() * 1000
                    : attributes.lastModifiedTime().toMillis();
            return Optional.of(new Measure(actual, size, date));
        } catch (NoSuchFileException | AccessDeniedException e) {
            // Gone, or not for us: the others can be read all the same.
            return Optional.empty();
        }
    }

    private static long bareLineFeeds(Path path) throws IOException {
        try (FileChannel channel = open(path)) {
            return bareLineFeeds(channel);
        }
    }

    /**
     * Opens a message. A Maildir is its user's ground, and ours are the rights to read everybody's mail: a symbolic link is not
     * followed, and a FIFO, which would hold the thread until somebody writes, is not opened.
     */
    static FileChannel open(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new FileSystemException(path.toString(), null, "is not a regular file");
        }
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** Of a regular file; empty for what is none, or has been moved or removed by another program since it was listed. */
    private static Optional<BasicFileAttributes> regular(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
                    .filter(BasicFileAttributes::isRegularFile);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether all three directories are there, and none is a symbolic link to somewhere else. */
    boolean areDirectories() {
        return isDirectory(cur) && isDirectory(fresh) && isDirectory(tmp);
    }

    /** Whether a directory is there, and no symbolic link to one. */
    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void refuseLink(Path directory) throws IOException {
        if (Files.isSymbolicLink(directory)) {
            throw new FileSystemException(
                    directory.toString(), null, "is a symbolic link, which a Maildir must not have");
        }
    }

    /** How many octets conversion to CRLF line ends adds. */
    static long bareLineFeeds(FileChannel channel) throws IOException {
        long left = channel.size();
        byte[] bytes = new byte[(int) Math.clamp(left, 1L, COUNT_BUFFER)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long count = 0;
        boolean afterCr = false;
        // By the size, so that the end is seen without a call of its own.
        while (left > 0) {
            int end = channel.read(buffer.clear());
            if (end < 0) {
                return count;
            }
            for (int lf = LineEnds.indexOfLf(bytes, 0, end); lf >= 0; lf = LineEnds.indexOfLf(bytes, lf + 1, end)) {
                count += (lf > 0 ? bytes[lf - 1] == '\r' : afterCr) ? 0 : 1;
            }
            afterCr = end > 0 ? bytes[end - 1] == '\r' : afterCr;
            left -= end;
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
                    Optional<BasicFileAttributes> file = regular(path);
                    boolean whole = file.filter(attributes ->
                                    attributes.size() == name.fileSize().orElse(-1))
                            .isPresent();
                    if (whole || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
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
                boolean torn = name.isOurs()
                        && regular(path)
                                .filter(file -> file.size() < name.fileSize().orElse(0))
                                .isPresent();
                if (torn) {
                    moveAway(path, tmp.resolve(name.base()));
                }
            }
        }
    }

    private static void moveAway(Path from, Path to) throws IOException {
        try {
            rename(from, to);
        } catch (NoSuchFileException e) {
            // Another program was faster; it is read as it is.
        }
    }

    /** Removes what others have left behind in {@code tmp}: a delivery takes no 36 hours (maildir(5)). */
    void tidyTmp(long now) throws IOException {
        for (FileName name : list(tmp)) {
            Path path = tmp.resolve(name.text());
            boolean abandoned = regular(path)
                    .filter(file -> now - file.lastModifiedTime().toMillis() > TimeUnit.HOURS.toMillis(ABANDONED_HOURS))
                    .isPresent();
            if (abandoned) {
                Files.deleteIfExists(path);
            }
        }
    }

    /**
     * Reads a small file that lies beside the mail; one that is no regular file is not opened, as {@link #open}.
     *
     * @throws FileSystemException it has more than 16 MiB
     */
    static String read(Path file, Charset charset) throws IOException {
        try (FileChannel channel = open(file)) {
            if (channel.size() > MAX_SMALL) {
                throw new FileSystemException(file.toString(), null, "is larger than " + MAX_SMALL + " octets");
            }
            return new String(Channels.newInputStream(channel).readNBytes(MAX_SMALL), charset);
        }
    }

    /** Whether the last octet is LF: a power loss may have torn a line to which nothing must be added. */
    static boolean endsLine(FileChannel channel) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
    }

    /** Writes a file of ours beside the mail; does not follow a link that lies in its place. */
    static void write(Path file, byte[] content) throws IOException {
        Files.write(
                file,
                content,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
