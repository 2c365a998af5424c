package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.log.MailLog;
import org.posthorn.mail.mime.IndexedFields;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;
import org.posthorn.storage.Sqlite;

/**
 * One account's index in SQLite. Thread-safe; the work is done on {@link IndexThreads} in the order it is given. A damaged index is
 * put aside: whoever finds {@link #generation} changed saves all it has.
 */
final class Index {
    private final Path file;
    private final IndexThreads threads;
    private final MailLog log;
    private final AtomicInteger generation = new AtomicInteger();
    private final boolean findsCopies;
    private volatile boolean origin;
    private volatile long copiedAt;

    /** @param findsCopies whether it forgets everything when it is the copy of an index */
    Index(Path file, IndexThreads threads, boolean findsCopies, MailLog log) {
        this.file = file;
        this.threads = threads;
        this.findsCopies = findsCopies;
        this.log = log;
    }

    /** Another number after the index was lost while it was open. */
    int generation() {
        return generation.get();
    }

    /** A folder as it was saved. */
    record Loaded(FolderRow row, List<FolderSave.Saved> messages) {}

    /** The folder with this UIDVALIDITY. */
    Optional<Loaded> load(long validity) throws IOException {
        return repairing(connection -> load(connection, "validity = " + validity, ""));
    }

    /** The folder that was last saved under this directory. */
    Optional<Loaded> loadDirectory(String directory) throws IOException {
        return repairing(connection -> load(connection, "directory = ?", directory));
    }

    private static Optional<Loaded> load(Connection connection, String condition, String parameter)
            throws SQLException {
        Optional<FolderRow> row = row(connection, condition, parameter);
        return row.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Loaded(row.get(), messages(connection, row.get().validity())));
    }

    private static Optional<FolderRow> row(Connection connection, String condition, String parameter)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT validity, directory, uid_next, uid_ceiling, mod_seq, recent_from, expunged_floor,"
                        + " cur_seen, new_seen, boot, run FROM mailbox WHERE " + condition
                        + " ORDER BY validity DESC LIMIT 1")) {
            if (condition.endsWith("?")) {
                query.setString(1, parameter);
            }
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? Optional.of(row(result)) : Optional.empty();
            }
        }
    }

    private static FolderRow row(ResultSet result) throws SQLException {
        return new FolderRow(
                result.getLong(1),
                result.getString(2),
                result.getLong(3),
                result.getLong(4),
                result.getLong(5),
                result.getLong(6),
                result.getLong(7),
                result.getLong(8),
                result.getLong(9),
                result.getString(10),
                result.getString(11));
    }

    /** The messages without their flags, which their names tell. */
    private static List<FolderSave.Saved> messages(Connection connection, long validity) throws SQLException {
        List<FolderSave.Saved> messages = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT uid, mod_seq, date, size, file_size, base, info, more_keywords FROM message WHERE validity = "
                                + validity + " ORDER BY uid")) {
            while (result.next()) {
                Message message = new Message(
                        result.getLong(1), result.getLong(2), Flags.NONE, result.getLong(3), result.getLong(4));
                Entry entry = new Entry(message, result.getString(6), result.getString(7), result.getLong(5));
                messages.add(new FolderSave.Saved(entry, result.getString(8)));
            }
        }
        return messages;
    }

    /** The last UIDVALIDITY that {@link #raise} was told of; 0 for none. */
    long lastValidity() throws IOException {
        return repairing(
                connection -> IndexNumbers.value(connection, "validity").orElse(0L));
    }

    /** Puts a folder's numbers on stable storage before it returns: its ceilings count from then on. */
    void raise(FolderRow row, boolean durable) throws IOException {
        repairing(connection -> {
            synced(connection, durable, () -> {
                IndexRows.write(connection, row);
                IndexRows.pruneExpunged(connection, row.validity());
                IndexNumbers.reachValidity(connection, row.validity());
            });
            return true;
        });
    }

    private static void synced(Connection connection, boolean durable, Step step) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (durable ? "FULL" : "NORMAL"));
            transaction(connection, step);
            statement.execute("PRAGMA synchronous = NORMAL");
        }
    }

    /** Where the account's mod-sequences go on: above all that were given. Empty when nothing is known of them. */
    Optional<Long> modSequence() throws IOException {
        return repairing(IndexNumbers::modSequence);
    }

    /** Puts the ceiling of the account's mod-sequences on stable storage before it returns. */
    void raiseModSequence(long ceiling, boolean durable) throws IOException {
        repairing(connection -> {
            synced(connection, durable, () -> IndexNumbers.raiseModSequence(connection, ceiling));
            return true;
        });
    }

    /** Writes down the last mod-sequence, some time soon, after which none is given before {@link #modSequence} is asked. */
    void parkModSequence(long last) {
        CompletableFuture<Boolean> _ = threads.post(file, connection -> {
            transaction(connection, () -> IndexNumbers.parkModSequence(connection, last));
            return true;
        });
    }

    /** When the directories of all folders were as the index knows them, by directory. */
    Map<String, IndexNumbers.Seen> seen() throws IOException {
        return repairing(IndexNumbers::seen);
    }

    /** Saves changes some time soon. */
    CompletableFuture<Boolean> save(FolderSave save) {
        return threads.post(file, connection -> {
            try {
                transaction(connection, () -> IndexRows.write(connection, save));
                return true;
            } catch (SQLException e) {
                if (IndexSchema.isDamage(e)) {
                    replace(connection, e);
                }
                throw e;
            }
        });
    }

    /** Structures of messages from one UID on, at most so many and of so many octets together (one more that goes over it). */
    IndexRun structures(long validity, long from, int count, int octets) throws IOException {
        return run("structure", Structures.MAX_KEPT, validity, from, count, octets);
    }

    /** Header fields of messages, as {@link #structures}. */
    IndexRun headers(long validity, long from, int count, int octets) throws IOException {
        return run("header", 1 + IndexedFields.MAX_OCTETS, validity, from, count, octets);
    }

    private IndexRun run(String table, int longest, long validity, long from, int count, int octets)
            throws IOException {
        return repairing(connection -> {
            Map<Long, byte[]> found = new HashMap<>();
            int total = 0;
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT uid, data FROM " + table + " WHERE validity = "
                            + validity + " AND uid >= " + from + " AND length(data) <= " + longest
                            + " ORDER BY uid")) {
                while (result.next()) {
                    byte[] data = result.getBytes(2);
                    found.put(result.getLong(1), data);
                    total += data.length;
                    if (found.size() >= count || total >= octets) {
                        return new IndexRun(found, false);
                    }
                }
            }
            return new IndexRun(found, true);
        });
    }

    /** UIDs removed after a mod-sequence; empty when that is too long ago to know them all. */
    Optional<List<Long>> expunged(long validity, long modSeq) throws IOException {
        return repairing(connection -> {
            List<Long> uids = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                try (ResultSet floor =
                        statement.executeQuery("SELECT expunged_floor FROM mailbox WHERE validity = " + validity)) {
                    if (!floor.next() || floor.getLong(1) > modSeq) {
                        return Optional.empty();
                    }
                }
                try (ResultSet result = statement.executeQuery(
                        "SELECT uid FROM expunged WHERE validity = " + validity + " AND mod_seq > " + modSeq)) {
                    while (result.next()) {
                        uids.add(result.getLong(1));
                    }
                }
            }
            return Optional.of(uids);
        });
    }

    /** The folder that was last saved under this directory lies in another now. */
    void moved(String from, String to) throws IOException {
        // What was there once and was removed by others.
        drop(to);
        repairing(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE mailbox SET directory = ? WHERE directory = ?")) {
                update.setString(1, to);
                update.setString(2, from);
                return update.executeUpdate();
            }
        });
    }

    /** Forgets the folder that was last saved under this directory. */
    void drop(String directory) throws IOException {
        repairing(connection -> {
            Optional<FolderRow> row = row(connection, "directory = ?", directory);
            if (row.isPresent()) {
                transaction(
                        connection, () -> IndexRows.clear(connection, row.get().validity()));
            }
            return true;
        });
    }

    void close() throws IOException {
        threads.forget(file);
    }

    /** A step of a transaction. */
    private interface Step {
        void run() throws SQLException;
    }

    private static void transaction(Connection connection, Step step) throws SQLException {
        Sqlite.transaction(connection, _ -> {
            step.run();
            return true;
        });
    }

    /** Whether copies are told from originals. */
    boolean findsCopies() {
        return findsCopies;
    }

    /** The greatest UIDVALIDITY that a copy of this index knew when it was put in its place; 0 for none ever. */
    long copiedAt() throws IOException {
        checkOrigin();
        return copiedAt;
    }

    /**
     * Finds out whether this file was copied since it was last opened. What a copy tells may be older than what clients have seen: it
     * forgets all folders.
     */
    private void checkOrigin() throws IOException {
        if (!origin) {
            copiedAt = attempt(connection -> {
                Birth now = Birth.of(file);
                Birth before = IndexNumbers.origin(connection);
                boolean copied = findsCopies && now.isOfAnother(before);
                if (copied) {
                    log.warning("mailbox", "", "index-is-a-copy", "file", file);
                }
                if (!now.equals(before)) {
                    transaction(connection, () -> IndexNumbers.recordOrigin(connection, now, copied));
                }
                return IndexNumbers.value(connection, "copied").orElse(0L);
            });
            origin = true;
        }
    }

    private <T> T repairing(IndexThreads.Work<T> work) throws IOException {
        checkOrigin();
        return attempt(work);
    }

    private <T> T attempt(IndexThreads.Work<T> work) throws IOException {
        try {
            return threads.call(file, connection -> {
                try {
                    return work.run(connection);
                } catch (SQLException e) {
                    if (IndexSchema.isDamage(e)) {
                        replace(connection, e);
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            if (!IndexSchema.isDamage(e)) {
                throw e;
            }
            return threads.call(file, work);
        }
    }

    private void replace(Connection connection, SQLException cause) throws IOException {
        log.failure(MailLog.Level.WARNING, "mailbox", "", "index-damaged", cause, "file", file);
        generation.incrementAndGet();
        origin = false;
        try {
            connection.close();
        } catch (SQLException e) {
            // It is bad anyway.
        }
        IndexSchema.putAside(file);
    }
}
