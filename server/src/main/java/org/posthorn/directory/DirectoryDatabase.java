package org.posthorn.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.config.FileTrouble;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.sasl.ScramKeys;
import org.posthorn.storage.Sqlite;

/**
 * The SQLite file of the directory, in WAL mode, readable to its owner alone. Not thread-safe. Every failure of the database is
 * a {@link DirectoryException}.
 */
final class DirectoryDatabase implements AutoCloseable {
    static final int VERSION = 3;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE domain (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
            "CREATE TABLE dkim_key (domain TEXT NOT NULL REFERENCES domain ON DELETE CASCADE, selector TEXT NOT NULL,"
                    + " file TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (domain, selector)) STRICT, WITHOUT ROWID",
            "CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE,"
                    + " hash TEXT NOT NULL, salt BLOB NOT NULL, iterations INTEGER NOT NULL, stored_key BLOB NOT NULL,"
                    + " server_key BLOB NOT NULL) STRICT",
            "CREATE TABLE alias (name TEXT NOT NULL, position INTEGER NOT NULL, target TEXT NOT NULL,"
                    + " PRIMARY KEY (name, position)) STRICT, WITHOUT ROWID",
            "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID");

    /** Version 2: keys have a life; those of before sign. Times are seconds since 1970. */
    private static final List<String> KEY_LIFE = List.of(
            "ALTER TABLE dkim_key ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'rsa-sha256'",
            "ALTER TABLE dkim_key ADD COLUMN state TEXT NOT NULL DEFAULT 'active'",
            "ALTER TABLE dkim_key ADD COLUMN made INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE dkim_key ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
            "UPDATE dkim_key SET algorithm = 'ed25519-sha256' WHERE record LIKE '%k=ed25519%'",
            "UPDATE dkim_key SET made = unixepoch(), since = unixepoch()");

    /** Version 3: what we have published in DNS, so that it can be told from what others have. */
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
    private final Path keys;

    /** One or more changes that belong together. */
    interface Work {
        void run() throws SQLException;
    }

    private DirectoryDatabase(Connection connection, Path keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /** @param keys the folder that key files are relative to */
    static DirectoryDatabase open(Path file, Path keys) {
        try {
            if (Files.notExists(file)) {
                // SQLite gives its WAL the permissions of the database, so this covers all files.
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Connection connection = Sqlite.open(file, Sqlite.Durability.FULL);
            try {
                DirectoryDatabase database = new DirectoryDatabase(connection, keys);
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
        int version = version();
        if (version > VERSION) {
            throw new DirectoryException("the directory was written by a newer version of Posthorn: version " + version
                    + " of its tables. Nothing was changed; start that release, or a newer one");
        }
        if (version < VERSION) {
            change(() -> {
                if (version == 0) {
                    updateAll(SCHEMA);
                }
                if (version < 2) {
                    updateAll(KEY_LIFE);
                }
                updateAll(PUBLISHED);
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

    private int version() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
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
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    Snapshot load() {
        try {
            return new Snapshot(loadDomains(), loadAccounts(), loadAliases(), loadRemovals());
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be read: " + e.getMessage(), e);
        }
    }

    private Map<Domain, List<DkimKeyFile>> loadDomains() throws SQLException {
        Map<Domain, List<DkimKeyFile>> domains = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name, selector, file FROM domain LEFT JOIN dkim_key ON name = domain AND state = 'active'"
                                + " ORDER BY 1, 2 DESC")) {
            while (rows.next()) {
                Domain domain = Domain.parse(rows.getString(1));
                List<DkimKeyFile> files = domains.computeIfAbsent(domain, d -> new ArrayList<>());
                if (rows.getString(2) != null) {
                    files.add(new DkimKeyFile(domain, rows.getString(2), keys.resolve(rows.getString(3))));
                }
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

    /** The keys of a domain, the youngest first. */
    List<DkimKeyEntry> keys(Domain domain) {
        List<DkimKeyEntry> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT selector, algorithm, file, record, state, made, since FROM dkim_key WHERE domain = ?"
                        + " ORDER BY made DESC, selector DESC")) {
            statement.setString(1, domain.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new DkimKeyEntry(
                            domain,
                            row.getString(1),
                            algorithm(row.getString(2)),
                            keys.resolve(row.getString(3)),
                            row.getString(4),
                            DkimKeyState.of(row.getString(5)),
                            Instant.ofEpochSecond(row.getLong(6)),
                            Instant.ofEpochSecond(row.getLong(7))));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new DirectoryException("the directory cannot be read: " + e.getMessage(), e);
        }
    }

    private static DkimAlgorithm algorithm(String tag) {
        return Arrays.stream(DkimAlgorithm.values())
                .filter(algorithm -> algorithm.tag().equals(tag))
                .findFirst()
                .orElseThrow(() -> new DirectoryException("the directory names an unknown algorithm: " + tag));
    }

    void insert(DkimKeyEntry key) throws SQLException {
        update(
                "INSERT INTO dkim_key (domain, selector, algorithm, file, record, state, made, since)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                key.domain().name(),
                key.selector(),
                key.algorithm().tag(),
                keys.relativize(key.privateKey()).toString(),
                key.record(),
                key.state().text(),
                key.made().getEpochSecond(),
                key.since().getEpochSecond());
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
