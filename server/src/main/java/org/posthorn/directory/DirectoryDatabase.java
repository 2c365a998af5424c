package org.posthorn.directory;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.config.FileTrouble;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.sasl.ScramKeys;
import org.posthorn.storage.Sqlite;

/**
 * The SQLite file of the directory, in WAL mode, readable to its owner alone. Not thread-safe. Every failure of the database is
 * a {@link DirectoryException}.
 */
final class DirectoryDatabase implements AutoCloseable {
    static final int VERSION = 4;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE domain (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
            "CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE,"
                    + " hash TEXT NOT NULL, salt BLOB NOT NULL, iterations INTEGER NOT NULL, stored_key BLOB NOT NULL,"
                    + " server_key BLOB NOT NULL) STRICT",
            "CREATE TABLE alias (name TEXT NOT NULL, position INTEGER NOT NULL, target TEXT NOT NULL,"
                    + " PRIMARY KEY (name, position)) STRICT, WITHOUT ROWID",
            "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID");

    /**
     * Version 3: what we have published in DNS, so that it can be told from what others have. Versions 1 to 3 had a table of DKIM keys
     * too, which {@code signing} takes over and removes; version 4 is without it.
     */
    private static final List<String> PUBLISHED = List.of(
            "CREATE TABLE published (domain TEXT NOT NULL REFERENCES domain ON DELETE CASCADE, name TEXT NOT NULL,"
                    + " type TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (domain, name, type, data)) STRICT, WITHOUT ROWID");

    /**
     * When an account was removed, in milliseconds since 1970. No version of its own: those who do not know the table go on without
     * it, so that one may go back to an older release.
     */
    private static final String REMOVALS =
            "CREATE TABLE IF NOT EXISTS removal (address TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID";

    private final Connection connection;

    /** One or more changes that belong together. */
    interface Work {
        void run() throws SQLException;
    }

    private DirectoryDatabase(Connection connection) {
        this.connection = connection;
    }

    static DirectoryDatabase open(Path file) {
        try {
            Connection connection = Sqlite.openOwn(file, Sqlite.Durability.FULL);
            try {
                DirectoryDatabase database = new DirectoryDatabase(connection);
                database.prepare();
                return database;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DirectoryException("the directory: " + FileTrouble.words(e), e);
        } catch (SQLException e) {
            throw new DirectoryException("cannot open the directory " + file + ": " + e.getMessage(), e);
        }
    }

    private void prepare() throws SQLException {
        int version = Sqlite.version(connection);
        if (version > VERSION) {
            throw new DirectoryException(
                    DirectoryException.Reason.FAILED,
                    "the directory was written by a newer version of Posthorn: version " + version
                            + " of its tables. Nothing was changed; start that release, or a newer one");
        }
        if (version < VERSION) {
            change(() -> {
                if (version == 0) {
                    updateAll(SCHEMA);
                }
                if (version < 3) {
                    updateAll(PUBLISHED);
                }
                update("PRAGMA user_version = " + VERSION);
            });
        }
        change(() -> update(REMOVALS));
    }

    private void updateAll(List<String> statements) throws SQLException {
        for (String statement : statements) {
            update(statement);
        }
    }

    /** Does all of the work durably, or nothing of it. */
    void change(Work work) {
        try {
            Sqlite.transaction(connection, _ -> {
                work.run();
                return true;
            });
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be changed: " + e.getMessage(), e);
        }
    }

    /** Runs one statement; returns the number of rows it changed. */
    int update(String sql, Object... values) throws SQLException {
        return Sqlite.update(connection, sql, values);
    }

    Snapshot load() {
        try {
            return new Snapshot(loadDomains(), loadAccounts(), loadAliases(), loadRemovals());
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be read: " + e.getMessage(), e);
        }
    }

    private Set<Domain> loadDomains() throws SQLException {
        Set<Domain> domains = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM domain")) {
            while (rows.next()) {
                domains.add(Domain.parse(rows.getString(1)));
            }
        }
        return domains;
    }

    private List<Account> loadAccounts() throws SQLException {
        List<Account> accounts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT address, hash, salt, iterations, stored_key, server_key, id FROM account ORDER BY id")) {
            while (rows.next()) {
                accounts.add(new Account(
                        rows.getLong(7),
                        // Releases before this one took several spellings of a name.
                        Address.parse(rows.getString(1)).canonical(),
                        new PasswordHash(rows.getString(2)),
                        new ScramKeys(rows.getBytes(3), rows.getInt(4), rows.getBytes(5), rows.getBytes(6))));
            }
        }
        return accounts;
    }

    private Map<Address, Instant> loadRemovals() throws SQLException {
        Map<Address, Instant> removals = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT address, at FROM removal")) {
            while (rows.next()) {
                removals.put(Address.parse(rows.getString(1)), Instant.ofEpochMilli(rows.getLong(2)));
            }
        }
        return removals;
    }

    private List<Alias> loadAliases() throws SQLException {
        Map<String, List<Address>> targets = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, target FROM alias ORDER BY name, position")) {
            while (rows.next()) {
                targets.computeIfAbsent(rows.getString(1), n -> new ArrayList<>())
                        .add(Address.parse(rows.getString(2)));
            }
        }
        List<Alias> aliases = new ArrayList<>();
        targets.forEach((name, list) -> aliases.add(Alias.of(name, list)));
        return aliases;
    }

    /** What of a domain has been published, at most {@link PublishedRecords#MAX_RECORDS} records. */
    List<PublishedRecord> published(Domain domain) {
        List<PublishedRecord> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT name, type, data FROM published WHERE domain = ? ORDER BY name, type, data LIMIT ?")) {
            statement.setString(1, domain.name());
            statement.setInt(2, PublishedRecords.MAX_RECORDS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new PublishedRecord(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be read: " + e.getMessage(), e);
        }
    }

    /** A secret of this installation, made at the first call. */
    byte[] secret(String name, byte[] fresh) {
        change(() -> update("INSERT OR IGNORE INTO secret VALUES (?, ?)", name, fresh));
        try (PreparedStatement statement = connection.prepareStatement("SELECT value FROM secret WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getBytes(1) : fresh;
            }
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be closed: " + e.getMessage(), e);
        }
    }
}
