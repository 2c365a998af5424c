package org.posthorn.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.storage.AtomicFiles;
import org.posthorn.storage.Sqlite;
import org.posthorn.storage.UnknownFormatException;

/**
 * The SQLite file with the states of keys, in WAL mode, readable to its owner alone. Not thread-safe. Every failure after it was opened
 * is a {@link DkimKeyException}.
 */
final class DkimKeyDatabase implements AutoCloseable {
    static final int VERSION = 1;

    /** Times are seconds since 1970; files are relative to the folder of key files. */
    private static final String SCHEMA =
            "CREATE TABLE IF NOT EXISTS dkim_key (domain TEXT NOT NULL, selector TEXT NOT NULL, algorithm TEXT NOT NULL,"
                    + " file TEXT NOT NULL, record TEXT NOT NULL, state TEXT NOT NULL, made INTEGER NOT NULL,"
                    + " since INTEGER NOT NULL, PRIMARY KEY (domain, selector)) STRICT, WITHOUT ROWID";

    private final Connection connection;
    private final Path folder;

    /** What belongs together. */
    interface Work<T> {
        T run() throws SQLException;
    }

    private DkimKeyDatabase(Connection connection, Path folder) {
        this.connection = connection;
        this.folder = folder;
    }

    /**
     * Opens the file, made if it is missing.
     *
     * @param folder that key files are relative to
     */
    static DkimKeyDatabase open(Path file, Path folder) throws IOException {
        Connection connection = Sqlite.openOwn(file, Sqlite.Durability.FULL);
        try {
            try {
                DkimKeyDatabase database = new DkimKeyDatabase(connection, folder);
                database.prepare(file);
                return database;
            } catch (IOException | SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException("cannot open " + file + ": " + e.getMessage(), e);
        }
    }

    private void prepare(Path file) throws IOException, SQLException {
        int version = Sqlite.version(connection);
        if (version > VERSION) {
            throw new UnknownFormatException(file + ", version " + version);
        }
        if (version < VERSION) {
            change(() -> update(SCHEMA) + update("PRAGMA user_version = " + VERSION));
            // What is taken over into it is removed elsewhere, so its name must not be lost either.
            AtomicFiles.syncDirectory(file.resolveSibling("."));
        }
    }

    /** Does all of the work durably, or nothing of it. */
    <T> T change(Work<T> work) {
        try {
            return Sqlite.transaction(connection, _ -> work.run());
        } catch (SQLException e) {
            throw new DkimKeyException("the states of DKIM keys cannot be changed: " + e.getMessage(), e);
        }
    }

    private int update(String sql, Object... values) throws SQLException {
        return Sqlite.update(connection, sql, values);
    }

    /** The keys of a domain, the youngest first. */
    List<DkimKeyEntry> keys(Domain domain) {
        return read("WHERE domain = ? ORDER BY made DESC, selector DESC", domain.name());
    }

    /** The files of the keys that sign, by domain; a domain without any is not there. */
    Map<Domain, List<DkimKeyFile>> signing() {
        Map<Domain, List<DkimKeyFile>> files = new HashMap<>();
        for (DkimKeyEntry key : read("WHERE state = ? ORDER BY domain, selector DESC", DkimKeyState.ACTIVE.text())) {
            files.computeIfAbsent(key.domain(), _ -> new ArrayList<>())
                    .add(new DkimKeyFile(key.domain(), key.selector(), key.privateKey()));
        }
        files.replaceAll((_, list) -> List.copyOf(list));
        return Map.copyOf(files);
    }

    private List<DkimKeyEntry> read(String condition, String value) {
        try {
            return Sqlite.query(
                    connection,
                    "SELECT domain, selector, algorithm, file, record, state, made, since FROM dkim_key " + condition,
                    row -> new DkimKeyEntry(
                            Domain.parse(row.getString(1)),
                            row.getString(2),
                            algorithm(row.getString(3)),
                            folder.resolve(row.getString(4)),
                            row.getString(5),
                            DkimKeyState.of(row.getString(6)),
                            Instant.ofEpochSecond(row.getLong(7)),
                            Instant.ofEpochSecond(row.getLong(8))),
                    value);
        } catch (SQLException e) {
            throw new DkimKeyException("the states of DKIM keys cannot be read: " + e.getMessage(), e);
        }
    }

    private static DkimAlgorithm algorithm(String tag) {
        return Arrays.stream(DkimAlgorithm.values())
                .filter(algorithm -> algorithm.tag().equals(tag))
                .findFirst()
                .orElseThrow(() -> new DkimKeyException(
                        DkimKeyException.Reason.FAILED, "a DKIM key has an unknown algorithm: " + tag));
    }

    void insert(DkimKeyEntry key) throws SQLException {
        insert(new Row(
                key.domain().name(),
                key.selector(),
                key.algorithm().tag(),
                folder.relativize(key.privateKey()).toString(),
                key.record(),
                key.state().text(),
                key.made().getEpochSecond(),
                key.since().getEpochSecond()));
    }

    /** A key as it is stored. */
    record Row(
            String domain,
            String selector,
            String algorithm,
            String file,
            String record,
            String state,
            long made,
            long since) {}

    private void insert(Row key) throws SQLException {
        update("INSERT INTO dkim_key VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values(key));
    }

    /** One that is there already stays as it is. */
    void insertIfAbsent(Row key) throws SQLException {
        update("INSERT OR IGNORE INTO dkim_key VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values(key));
    }

    private static Object[] values(Row key) {
        return new Object[] {
            key.domain(),
            key.selector(),
            key.algorithm(),
            key.file(),
            key.record(),
            key.state(),
            key.made(),
            key.since()
        };
    }

    void update(DkimKeyEntry key, DkimKeyState state, String record, Instant since) throws SQLException {
        update(
                "UPDATE dkim_key SET state = ?, record = ?, since = ? WHERE domain = ? AND selector = ?",
                state.text(),
                record,
                since.getEpochSecond(),
                key.domain().name(),
                key.selector());
    }

    void delete(Domain domain) throws SQLException {
        update("DELETE FROM dkim_key WHERE domain = ?", domain.name());
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new DkimKeyException("the states of DKIM keys cannot be closed: " + e.getMessage(), e);
        }
    }
}
