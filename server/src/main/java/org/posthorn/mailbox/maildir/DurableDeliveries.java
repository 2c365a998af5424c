package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.storage.FileSystemSync;

/**
 * Puts deliveries on stable storage, many at once: one syncfs for all that returned before it, shared by all who ask meanwhile. Where
 * there is no such call each file is synced when it is written, and the directories here. Thread-safe.
 */
final class DurableDeliveries {
    private final Path root;
    private final boolean enabled;
    private final ReentrantLock syncing = new ReentrantLock();
    private final ReentrantLock counting = new ReentrantLock();

    @GuardedBy("counting")
    private final Set<Path> directories = new HashSet<>();

    @GuardedBy("counting")
    private long delivered;

    private volatile long durable;

    DurableDeliveries(Path root, boolean enabled) {
        this.root = root;
        this.enabled = enabled;
    }

    /** Whether a file must be synced before it is renamed into place. */
    boolean syncsEach() {
        return enabled && !FileSystemSync.available();
    }

    /** A message was put into this directory. */
    void delivered(Path directory) {
        counting.lock();
        try {
            delivered++;
            if (syncsEach()) {
                directories.add(directory);
            }
        } finally {
            counting.unlock();
        }
    }

    /** Whether there are deliveries that no sync has covered. */
    boolean isPending() {
        return durable < delivered();
    }

    void makeDurable() throws IOException {
        long wanted = delivered();
        syncing.lock();
        try {
            // Somebody's sync began after our deliveries: it was ours too.
            if (durable < wanted && enabled) {
                long reached = delivered();
                sync();
                durable = reached;
            }
        } finally {
            syncing.unlock();
        }
    }

    private long delivered() {
        counting.lock();
        try {
            return delivered;
        } finally {
            counting.unlock();
        }
    }

    private void sync() throws IOException {
        if (FileSystemSync.available()) {
            FileSystemSync.sync(root);
            return;
        }
        Set<Path> batch;
        counting.lock();
        try {
            batch = new HashSet<>(directories);
            directories.clear();
        } finally {
            counting.unlock();
        }
        try {
            FileSystemSync.syncEach(List.of(), batch);
        } catch (IOException e) {
            counting.lock();
            try {
                directories.addAll(batch);
            } finally {
                counting.unlock();
            }
            throw e;
        }
    }
}
