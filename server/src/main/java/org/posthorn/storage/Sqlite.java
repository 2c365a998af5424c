package org.posthorn.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Opens SQLite files with settings that suit a server. A connection is for one thread at a time, and that a platform thread:
 * SQLite runs in native code, which holds the carrier of a virtual thread.
 */
public final class Sqlite {
    /** What a commit promises. */
    public enum Durability {
        /** Each commit is synced: for what exists nowhere else. */
        FULL,
        /** The file stays consistent, the last commits may be gone after a power loss: for what can be rebuilt. */
        NORMAL
    }

    /** Held here, since loggers that nobody holds are forgotten with their level. */
    private static final Logger LIBRARY = Logger.getLogger("org.sqlite");

    private static final int BUSY_MILLIS = 10_000;

    /** SQLite's result codes. */
    private static final int CORRUPT = 11;

    private static final int NOTADB = 26;

    private Sqlite() {}

    /**
     * Has SQLite's library unpacked in a directory of ours, since /tmp may be full or noexec. What killed processes have left there goes;
     * the caller is the only one who uses it. Without effect where the library is loaded already.
     *
     * @throws IOException the library cannot be unpacked or loaded
     */
    public static void unpackIn(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "sqlite-*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
        System.setProperty("org.sqlite.tmpdir", directory.toString());
        // Else it writes traces of what is told here in words.
        LIBRARY.setLevel(Level.OFF);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            connection.isValid(0);
        } catch (SQLException | LinkageError e) {
            throw new IOException(
                    "SQLite's library cannot be unpacked in " + directory + " and loaded from there: is its disk full,"
                            + " or mounted noexec?",
                    e);
        } finally {
            LIBRARY.setLevel(null);
        }
    }

    /** What is done on a connection. */
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Does all of the work or nothing of it. Before and after, each statement stands for itself.
     *
     * @throws SQLException what hindered the work. Where the disk is full SQLite has undone it already and refuses to do so again: that
     *     is not to be taken for the reason
     */
    public static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.on(connection);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException undone) {
                e.addSuppressed(undone);
            }
            try {
                connection.setAutoCommit(true);
            } catch (SQLException undone) {
                e.addSuppressed(undone);
            }
            throw e;
        }
        connection.setAutoCommit(true);
        return result;
    }

    /** Runs one statement; returns the number of rows it changed. */
    public static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Reads one row. */
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** All rows that a query finds. */
    public static <T> List<T> query(Connection connection, String sql, Row<T> row, Object... values)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = prepared(connection, sql, values);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(row.of(result));
            }
        }
        return rows;
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** What the owner of the tables has written into the file as their version; 0 in a new one. */
    public static int version(Connection connection) throws SQLException {
        return query(connection, "PRAGMA user_version", row -> row.getInt(1)).getFirst();
    }

    /** As {@link #open}; a file that is missing is made readable to its owner alone, and so are those that SQLite puts beside it. */
    public static Connection openOwn(Path file, Durability durability) throws IOException {
        if (Files.notExists(file)) {
            // SQLite gives its WAL the permissions of the database.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return open(file, durability);
    }

    /**
     * Opens a file, made with its directory if it is missing: write-ahead log, foreign keys on, at most 2 MiB of cache.
     *
     * @throws IOException it cannot be opened, or it is no database
     */
    public static Connection open(Path file, Durability durability) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        requireUsable(file, Files.isReadable(file) && Files.isWritable(file));
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = " + durability);
                statement.execute("PRAGMA foreign_keys = ON");
                statement.execute("PRAGMA cache_size = -2048");
                // Without bounds the write-ahead log keeps the size of its largest transaction.
                statement.execute("PRAGMA journal_size_limit = 4194304");
                statement.execute("PRAGMA trusted_schema = OFF");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return connection;
        } catch (SQLException e) {
            throw new IOException("cannot open " + file + ": " + reason(e), e);
        }
    }

    /** SQLite itself says no more than that it cannot open the file, and writes to one of a read-only disk only when it must. */
    static void requireUsable(Path file, boolean usable) throws IOException {
        if (!usable && Files.exists(file)) {
            throw new IOException("cannot open " + file + ": Permission denied, or a read-only file system; it must"
                    + " belong to the user that the server runs as, who must be able to write it");
        }
    }

    /** In words where it is damage, which a restart does not mend. */
    private static String reason(SQLException e) {
        return e.getErrorCode() == NOTADB || e.getErrorCode() == CORRUPT
                ? "it is damaged, or no database; restore it from a backup, or move it away to begin anew without what it holds"
                : String.valueOf(e.getMessage());
    }
}
