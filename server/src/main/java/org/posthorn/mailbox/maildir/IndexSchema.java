package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.posthorn.storage.Sqlite;
import org.posthorn.storage.UnknownFormatException;

/** The tables of an account's index. */
final class IndexSchema {
    /** Raised when the tables change. */
    static final int VERSION = 2;

    /** Whose mailboxes had their mod-sequences each for itself. */
    private static final int OF_MAILBOXES = 1;

    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_NOTADB = 26;

    private static final List<String> TABLES = List.of(
            "CREATE TABLE account (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID", """
            CREATE TABLE mailbox (
              validity INTEGER PRIMARY KEY, directory TEXT NOT NULL, uid_next INTEGER NOT NULL, uid_ceiling INTEGER NOT NULL,
              mod_seq INTEGER NOT NULL, recent_from INTEGER NOT NULL,
              expunged_floor INTEGER NOT NULL, cur_seen INTEGER NOT NULL, new_seen INTEGER NOT NULL,
              boot TEXT NOT NULL, run TEXT NOT NULL)""", """
            CREATE TABLE message (
              validity INTEGER NOT NULL, uid INTEGER NOT NULL, mod_seq INTEGER NOT NULL, date INTEGER NOT NULL,
              size INTEGER NOT NULL, file_size INTEGER NOT NULL, base TEXT NOT NULL, info TEXT NOT NULL,
              more_keywords TEXT NOT NULL, PRIMARY KEY (validity, uid)) WITHOUT ROWID""", """
            CREATE TABLE structure (
              validity INTEGER NOT NULL, uid INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (validity, uid)) WITHOUT ROWID""", """
            CREATE TABLE expunged (
              validity INTEGER NOT NULL, mod_seq INTEGER NOT NULL, uid INTEGER NOT NULL,
              PRIMARY KEY (validity, mod_seq, uid)) WITHOUT ROWID""");

    /** Header fields of messages (see IndexedFields). Indexes of version 1 have it or not. */
    private static final String HEADER = """
            CREATE TABLE IF NOT EXISTS header (
              validity INTEGER NOT NULL, uid INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (validity, uid)) WITHOUT ROWID""";

    /** Tables whose rows belong to a folder, by its validity. */
    static final List<String> OF_FOLDERS = List.of("mailbox", "message", "structure", "header", "expunged");

    private IndexSchema() {}

    /** Opens an index; one that is damaged is put aside, and an empty one takes its place. */
    static Connection prepare(Path file) throws IOException, SQLException {
        try {
            return open(file);
        } catch (SQLException | IOException e) {
            if (!isDamage(e)) {
                throw e;
            }
            putAside(file);
            return open(file);
        }
    }

    private static Connection open(Path file) throws IOException, SQLException {
        Connection connection = Sqlite.open(file, Sqlite.Durability.NORMAL);
        try (Statement statement = connection.createStatement()) {
            // Indexes are many and each is small: 256 KiB of cache for each that is open.
            statement.execute("PRAGMA cache_size = -256");
            int version = Sqlite.version(connection);
            if (version == 0) {
                Sqlite.transaction(connection, _ -> make(statement));
            } else if (version == OF_MAILBOXES) {
                Sqlite.transaction(connection, _ -> takeOver(statement));
            } else if (version != VERSION) {
                throw new UnknownFormatException(file + ", version " + version);
            }
            return connection;
        } catch (SQLException | UnknownFormatException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean make(Statement statement) throws SQLException {
        for (String table : TABLES) {
            statement.execute(table);
        }
        statement.execute(HEADER);
        statement.execute("PRAGMA user_version = " + VERSION);
        return true;
    }

    /** Mod-sequences of the account go on above those of all its mailboxes. */
    private static boolean takeOver(Statement statement) throws SQLException {
        statement.execute("INSERT INTO account SELECT 'mod_seq_ceiling', max(mod_seq_ceiling) FROM mailbox"
                + " HAVING count(*) > 0");
        statement.execute("ALTER TABLE mailbox DROP COLUMN mod_seq_ceiling");
        statement.execute(HEADER);
        statement.execute("PRAGMA user_version = " + VERSION);
        return true;
    }

    /** Whether a failure means that the file's content is bad. */
    static boolean isDamage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                int code = sql.getErrorCode() & 0xff;
                if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Keeps a bad index for who wants to look at it; the connection must be closed. */
    static void putAside(Path file) throws IOException {
        Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
    }
}
