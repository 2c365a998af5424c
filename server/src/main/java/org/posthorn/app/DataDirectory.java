package org.posthorn.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.posthorn.config.Section;

/**
 * The directory that holds all that a server keeps, {@code server.data}: what lies in it under which name, and the {@link DataLock} on it.
 * Mailboxes may be configured to lie elsewhere.
 */
record DataDirectory(Path path) {
    private static final Path STANDARD = Path.of("/var/lib/posthorn");

    /** Octets of its path: the system takes 107 for a socket's, and that of admin.sock.new is 15 longer. */
    private static final int MAX_OCTETS = 92;

    /** Reads {@code server.data}; by default {@code /var/lib/posthorn}. */
    static DataDirectory read(Section server) {
        Path path = server.file("data").orElse(STANDARD);
        int octets = path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length;
        if (octets > MAX_OCTETS) {
            server.complain(
                    "data",
                    "is too long: " + octets + " octets of at most " + MAX_OCTETS
                            + ", since there is a socket in it (admin.sock)");
        }
        return new DataDirectory(path);
    }

    /** What is locked while a server or a command has the directory. */
    Path lockFile() {
        return path.resolve("posthorn.lock");
    }

    /** The number of the server's process, for scripts. */
    Path pidFile() {
        return path.resolve("posthorn.pid");
    }

    /** Where commands reach the server. */
    Path adminSocket() {
        return path.resolve("admin.sock");
    }

    /** Libraries of the machine's own code, unpacked while we run. */
    Path libraries() {
        return path.resolve("native");
    }

    /** Domains, accounts and aliases. */
    Path directory() {
        return path.resolve("directory.db");
    }

    /** The states of DKIM keys. */
    Path keyStates() {
        return path.resolve("dkim.db");
    }

    /** The DKIM keys themselves, a folder. */
    Path keys() {
        return path.resolve("dkim");
    }

    /** Mail on its way, a folder. */
    Path spool() {
        return path.resolve("spool");
    }

    /** Mailboxes, a folder, unless they are configured to lie elsewhere. */
    Path mail() {
        return path.resolve("mail");
    }

    /** Says that there were mailboxes. */
    Path mailNote() {
        return path.resolve("mail-there");
    }

    /** What is counted for reports, and reports of others. */
    Path reports() {
        return path.resolve("reports.db");
    }

    /** Where accounts have logged in from. */
    Path loginPlaces() {
        return path.resolve("login-places");
    }

    /** The authority and the certificate that we make where none is configured, a folder. */
    Path ownCertificates() {
        return path.resolve("tls");
    }

    /**
     * Takes the lock; empty when another process has it.
     *
     * @throws IOException the directory cannot be used, in words
     */
    Optional<DataLock> tryLock() throws IOException {
        return DataLock.take(this);
    }

    /**
     * Takes the lock.
     *
     * @throws IOException another process has it, or the directory cannot be used; in words
     */
    DataLock lock() throws IOException {
        return tryLock().orElseThrow(() -> new IOException("another posthorn is running on " + path));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
