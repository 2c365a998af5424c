package org.posthorn.app;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.signing.DkimKeyRing;

/** What a data directory knows of our domains: the directory, and the signing keys, which ask the directory what is ours. */
record DomainStores(LocalDirectory directory, DkimKeyRing keys) implements AutoCloseable {
    /**
     * Opens both, makes what is missing, and takes over what an earlier release has left; for whoever has the {@link DataLock}.
     *
     * @throws IOException one of them cannot be opened, in words
     */
    static DomainStores open(DataDirectory data, PasswordCost cost, InstantSource clock) throws IOException {
        try {
            LocalDirectory directory = LocalDirectory.open(data.directory(), cost, clock);
            try {
                return new DomainStores(directory, openKeys(data, directory, clock));
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        } catch (DirectoryException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static DkimKeyRing openKeys(DataDirectory data, LocalDirectory directory, InstantSource clock)
            throws IOException {
        DkimKeyRing keys = DkimKeyRing.open(data.keyStates(), data.keys(), directory::isLocal, clock);
        try {
            keys.takeOverFrom(data.directory());
            return keys;
        } catch (IOException | RuntimeException e) {
            keys.close();
            throw e;
        }
    }

    /**
     * Opens both beside a server that may be running. What an earlier release has left is taken over only where its server is not running:
     * it would lose its keys.
     */
    static DomainStores openShared(DataDirectory data, PasswordCost cost, InstantSource clock) throws IOException {
        if (Files.exists(data.directory()) && Files.notExists(data.keyStates())) {
            try (DataLock _ = data.tryLock()
                    .orElseThrow(() -> new IOException("the server that runs on " + data
                            + " is of an earlier release: restart it, so that it takes its keys over"))) {
                open(data, cost, clock).close();
            }
        }
        return open(data, cost, clock);
    }

    @Override
    public void close() {
        try {
            keys.close();
        } finally {
            directory.close();
        }
    }
}
