package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The platform threads on which SQLite runs: native code holds the carrier of a virtual thread. An index belongs to one of
 * them, so that it has one writer and its work is done in the order it came. Each keeps its last used connections open.
 */
final class IndexThreads implements AutoCloseable {
    private static final int OPEN_PER_THREAD = 16;
    private static final long CLOSE_SECONDS = 30;

    /** Something to do with an open index. */
    interface Work<T> {
        T run(Connection connection) throws SQLException, IOException;
    }

    private final List<Worker> workers = new ArrayList<>();

    IndexThreads(int threads) {
        for (int i = 0; i < threads; i++) {
            workers.add(new Worker(i));
        }
    }

    /** Does the work and waits for it; the work may close the connection and must then throw. */
    <T> T call(Path file, Work<T> work) throws IOException {
        try {
            return post(file, work).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("index " + file + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Has the work done some time. */
    <T> CompletableFuture<T> post(Path file, Work<T> work) {
        return workers.get(Math.floorMod(file.hashCode(), workers.size())).post(file, work);
    }

    /** Closes the connection to a file, if there is one. */
    void forget(Path file) throws IOException {
        Worker worker = workers.get(Math.floorMod(file.hashCode(), workers.size()));
        try {
            CompletableFuture.runAsync(() -> worker.drop(file), worker.executor).get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Closes connections that have not been used for a while. */
    void tidy() {
        workers.forEach(worker -> worker.executor.execute(worker::closeOld));
    }

    @Override
    public void close() {
        for (Worker worker : workers) {
            worker.executor.execute(worker::closeAll);
            worker.executor.close();
        }
    }

    /** A connection and when it was last used. */
    private record Open(Connection connection, long used) {}

    /** One thread. */
    private static final class Worker {
        private final ExecutorService executor;
        private final Map<Path, Open> open = new LinkedHashMap<>(32, 0.75f, true);

        Worker(int number) {
            executor = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("mailbox-index-" + number).factory());
        }

        <T> CompletableFuture<T> post(Path file, Work<T> work) {
            CompletableFuture<T> done = new CompletableFuture<>();
            executor.execute(() -> {
                try {
                    done.complete(work.run(connection(file)));
                } catch (SQLException | IOException | RuntimeException e) {
                    drop(file);
                    done.completeExceptionally(e);
                }
            });
            return done;
        }

        private Connection connection(Path file) throws IOException, SQLException {
            Open known = open.get(file);
            Connection connection = known == null ? IndexSchema.prepare(file) : known.connection();
            open.put(file, new Open(connection, System.nanoTime()));
            if (open.size() > OPEN_PER_THREAD) {
                drop(open.keySet().iterator().next());
            }
            return connection;
        }

        private void closeOld() {
            long limit = System.nanoTime() - TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
            List.copyOf(open.entrySet()).forEach(entry -> {
                if (entry.getValue().used() < limit) {
                    drop(entry.getKey());
                }
            });
        }

        private void closeAll() {
            List.copyOf(open.keySet()).forEach(this::drop);
        }

        private void drop(Path file) {
            Open known = open.remove(file);
            if (known != null) {
                try {
                    known.connection().close();
                } catch (SQLException e) {
                    // Nothing is lost: what was committed is in the file or its log.
                }
            }
        }
    }
}
