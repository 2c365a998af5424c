package org.posthorn.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.config.FileTrouble;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.reporting.Reporting;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.DataFormat;
import org.posthorn.storage.DataFormats;
import org.posthorn.storage.OwnerOnly;
import org.posthorn.storage.Sqlite;

/** The right to write in a data directory: one process has it at a time, and the kernel takes it back when that process dies. */
final class DataLock implements Closeable {
    /** What lies in a data directory. */
    private static final List<DataFormat> FORMATS = List.of(
            CommitLog.FORMAT,
            FileSpool.FORMAT,
            MaildirStore.INDEX,
            MaildirStore.FORMAT,
            LocalDirectory.FORMAT,
            DkimKeyRing.FORMAT,
            DkimKeyRing.FILES,
            Reporting.FORMAT);

    private final FileChannel channel;
    private final Path pidFile;

    private DataLock(FileChannel channel, Path pidFile) {
        this.channel = channel;
        this.pidFile = pidFile;
    }

    /** Takes the lock, making the directory (mode 0700) where it is missing; empty when another process has it. Then checks that all formats in it are ours. */
    static Optional<DataLock> take(DataDirectory directory) throws IOException {
        OwnerOnly.byDefault();
        Path data = directory.path();
        if (!Files.isDirectory(data)) {
            make(data);
        }
        // First, since it has words for a directory that we cannot even read.
        OwnerOnly.requireOwn(data, directory.lockFile());
        OwnerOnly.require(data);
        requireNobodyElse(directory);
        FileChannel channel = open(directory.lockFile());
        try {
            // Of before: whoever can open it can lock it.
            Files.setPosixFilePermissions(directory.lockFile(), PosixFilePermissions.fromString("rw-------"));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                DataFormats.admit(data, FORMATS);
                Sqlite.unpackIn(directory.libraries());
                return Optional.of(new DataLock(channel, directory.pidFile()));
            }
        } catch (OverlappingFileLockException e) {
            // Another server in this process, as tests have it.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    /**
     * Whoever deletes the lock of a running server, as one does with what a crash may have left, must not get another one on its data.
     * A process that has started after the file was written has only got the number of a server that is dead.
     */
    private static void requireNobodyElse(DataDirectory data) throws IOException {
        Path file = data.pidFile();
        if (Files.exists(data.lockFile()) || Files.notExists(file)) {
            return;
        }
        Instant written = Files.getLastModifiedTime(file).toInstant().plusSeconds(1);
        Optional<ProcessHandle> other = running(Files.readString(file).strip())
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> process.info()
                        .startInstant()
                        .map(started -> started.isBefore(written))
                        .orElse(true));
        if (other.isPresent()) {
            long pid = other.get().pid();
            throw new IOException("posthorn.lock was removed from " + data + " while the process " + pid
                    + " works there: stop that one first (kill " + pid + "). If it is no Posthorn, remove " + file);
        }
    }

    private static Optional<ProcessHandle> running(String pid) {
        try {
            return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static void make(Path data) throws IOException {
        try {
            Files.createDirectories(data);
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the data directory " + data + ": " + FileTrouble.reason(e)
                            + "; make it for the user that the server runs as, or name another with server.data",
                    e);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "cannot open " + file + ": " + FileTrouble.reason(e)
                            + "; the data directory must belong to the user that the server runs as",
                    e);
        }
    }

    /** Writes our process id where scripts look for it. */
    void writePid() throws IOException {
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(pidFile);
        channel.close();
    }
}
