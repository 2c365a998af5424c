package org.posthorn.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where the log's bytes go: a file opened for appending, or the standard error stream. Used by the writing thread only.
 */
final class LogOutput {
    private final Optional<Path> path;
    private FileOutputStream out;

    LogOutput(Optional<Path> path) throws IOException {
        this.path = path;
        this.out = path.isPresent() ? open(path.get()) : new FileOutputStream(FileDescriptor.err);
    }

    private static FileOutputStream open(Path path) throws IOException {
        if (Files.notExists(path)) {
            // Addresses and peers are nobody else's business: owner and group only, as syslog does.
            try {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                // Again, since the umask has taken the group's share.
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
            } catch (UnsupportedOperationException | java.nio.file.FileAlreadyExistsException e) {
                // No POSIX rights here, or somebody was faster; either way it can be opened.
            }
        }
        return new FileOutputStream(path.toFile(), true);
    }

    void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Opens the path anew, after it was renamed by logrotate; keeps the old file when that fails. */
    void reopen() throws IOException {
        if (path.isPresent()) {
            FileOutputStream next = open(path.get());
            out.close();
            out = next;
        }
    }

    void close() throws IOException {
        if (path.isPresent()) {
            out.close();
        }
    }
}
