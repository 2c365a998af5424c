package org.posthorn;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.posthorn.config.FileTrouble;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.flow.reporting.Reporting;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.queue.FileSpool;
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
            LocalDirectory.KEYS,
            Reporting.FORMAT);

    private final FileChannel channel;
    private final Path pidFile;

    private DataLock(FileChannel channel, Path pidFile) {
        this.channel = channel;
        this.pidFile = pidFile;
    }

    /** Takes the lock, making the directory (mode 0700) where it is missing; empty when another process has it. Then checks that all formats in it are ours. */
    static Optional<DataLock> take(Path data) throws IOException {
        OwnerOnly.byDefault();
        if (!Files.isDirectory(data)) {
            make(data);
        }
        OwnerOnly.require(data);
        OwnerOnly.requireOwn(data, data.resolve("posthorn.lock"));
        FileChannel channel = open(data.resolve("posthorn.lock"));
        try {
            // Of before: whoever can open it can lock it.
            Files.setPosixFilePermissions(data.resolve("posthorn.lock"), PosixFilePermissions.fromString("rw-------"));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                DataFormats.admit(data, FORMATS);
                Sqlite.unpackIn(data.resolve("native"));
                return Optional.of(new DataLock(channel, data.resolve("posthorn.pid")));
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
