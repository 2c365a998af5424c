package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.posthorn.storage.AtomicFiles;
import org.posthorn.storage.FileSystemSync;

/**
 * Makes files and directories durable for those who must wait for it. Whatever gathers while one sync runs shares the next: from
 * three requests on that is one syncfs instead of a sync of each file and directory. One platform thread, so that no carrier of
 * virtual threads is held.
 */
final class SyncThread implements AutoCloseable {
    private static final int WORTH_SYNCFS = 3;
    private static final int MAX_BATCH = 1_000;

    private final Path root;
    private final LinkedBlockingQueue<Request> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** An open file, if there is one, and the directory of its name. */
    private record Request(Optional<FileChannel> file, Path directory, CompletableFuture<Boolean> done) {}

    SyncThread(Path root) {
        this.root = root;
        this.thread = Thread.ofPlatform().daemon().name("mailbox-sync").start(this::run);
    }

    /**
     * Returns when both are on stable storage; the file stays open.
     *
     * @throws NoSuchFileException there is no such directory (any more)
     */
    void sync(Optional<FileChannel> file, Path directory) throws IOException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        queue.add(new Request(file, directory, done));
        try {
            done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NoSuchFileException gone) {
                throw gone;
            }
            throw new IOException("not made durable: " + directory, e.getCause());
        }
    }

    private void run() {
        List<Request> batch = new ArrayList<>();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            queue.drainTo(batch, MAX_BATCH);
            try {
                Map<Path, NoSuchFileException> gone = sync(batch);
                for (Request request : batch) {
                    NoSuchFileException missing = gone.get(request.directory());
                    if (missing == null) {
                        request.done().complete(true);
                    } else {
                        request.done().completeExceptionally(missing);
                    }
                }
            } catch (IOException | RuntimeException | Error e) {
                batch.forEach(request -> request.done().completeExceptionally(e));
            }
            batch.clear();
        }
    }

    /** Returns the directories that are gone, as a mailbox does that is deleted meanwhile: the others' names are durable all the same. */
    private Map<Path, NoSuchFileException> sync(List<Request> batch) throws IOException {
        if (batch.size() >= WORTH_SYNCFS && FileSystemSync.available()) {
            FileSystemSync.sync(root);
            return Map.of();
        }
        Set<Path> directories = new LinkedHashSet<>();
        for (Request request : batch) {
            if (request.file().isPresent()) {
                request.file().get().force(true);
            }
            directories.add(request.directory());
        }
        Map<Path, NoSuchFileException> gone = new HashMap<>();
        for (Path directory : directories) {
            try {
                AtomicFiles.syncDirectory(directory);
            } catch (NoSuchFileException e) {
                gone.put(directory, e);
            }
        }
        return gone;
    }

    /** False once the thread has ended by itself. */
    boolean alive() {
        return closed || thread.isAlive();
    }

    /** Nobody may wait for a sync any more. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
