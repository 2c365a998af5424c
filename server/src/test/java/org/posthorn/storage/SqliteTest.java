package org.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteTest {
    @TempDir
    private Path directory;

    /** FULL is 2 and NORMAL 1; the cache is 2 MiB, in KiB. */
    @ParameterizedTest
    @CsvSource({
        "FULL, journal_mode, wal",
        "FULL, synchronous, 2",
        "NORMAL, synchronous, 1",
        "FULL, busy_timeout, 10000",
        "FULL, foreign_keys, 1",
        "FULL, cache_size, -2048",
        "FULL, journal_size_limit, 4194304",
        "FULL, trusted_schema, 0",
    })
    void setsWhatSuitsAServer(Sqlite.Durability durability, String pragma, String value)
            throws IOException, SQLException {
        try (Connection connection = Sqlite.open(directory.resolve("a/b.db"), durability);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
            assertThat(result.next()).isTrue();
            assertThat(result.getString(1)).isEqualTo(value);
        }
    }

    @Test
    void saysWhatToDoAboutDamage() throws IOException, SQLException {
        Path text = Files.writeString(directory.resolve("text"), "no database, but long enough".repeat(100));
        assertThatThrownBy(() -> Sqlite.open(text, Sqlite.Durability.FULL))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "cannot open " + text + ": it is damaged, or no database; restore it from a backup");
        Path broken = directory.resolve("broken.db");
        try (Connection connection = Sqlite.open(broken, Sqlite.Durability.FULL);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a)");
        }
        byte[] octets = Files.readAllBytes(broken);
        java.util.Arrays.fill(octets, 100, octets.length, (byte) 0x55);
        Files.write(broken, octets);
        assertThatThrownBy(() -> {
                    try (Connection connection = Sqlite.open(broken, Sqlite.Durability.FULL);
                            Statement statement = connection.createStatement()) {
                        statement.executeQuery("SELECT * FROM t").next();
                    } catch (SQLException e) {
                        throw new IOException("it is damaged", e);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is damaged");
    }

    @Test
    void whatCannotBeOpenedForOtherReasonsIsNotCalledDamaged() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("folder"));
        assertThatThrownBy(() -> Sqlite.open(folder, Sqlite.Durability.FULL))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot open " + folder + ": ")
                .hasMessageNotContaining("damaged");
    }

    /** The start says so of a file that root's command has left; here root may run the tests, who can write everything. */
    @Test
    void saysWhoseTheFileMustBe() throws IOException {
        Path file = directory.resolve("x.db");
        Sqlite.requireUsable(file, false);
        Files.createFile(file);
        Sqlite.requireUsable(file, true);
        assertThatThrownBy(() -> Sqlite.requireUsable(file, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot open " + file)
                .hasMessageContaining("must belong to the user that the server runs as");
    }

    /** As it does where the disk is full: the reason is what is told, and the connection goes on. */
    @Test
    void aTransactionThatSqliteHasUndoneTellsWhy() throws IOException, SQLException {
        try (Connection connection = Sqlite.open(directory.resolve("t.db"), Sqlite.Durability.FULL);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a)");
            assertThatThrownBy(() -> Sqlite.transaction(connection, _ -> {
                        statement.execute("INSERT INTO t VALUES (1)");
                        statement.execute("ROLLBACK");
                        throw new SQLException("disk is full");
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("disk is full");
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(Sqlite.<Integer>transaction(
                            connection, _ -> statement.executeUpdate("INSERT INTO t VALUES (2)")))
                    .isEqualTo(1);
            assertThatThrownBy(() -> Sqlite.transaction(connection, _ -> {
                        statement.execute("INSERT INTO t VALUES (3)");
                        throw new IllegalStateException("no");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            try (ResultSet result = statement.executeQuery("SELECT count(*), max(a) FROM t")) {
                assertThat(result.next()).isTrue();
                assertThat(result.getInt(1)).isEqualTo(1);
                assertThat(result.getInt(2)).isEqualTo(2);
            }
        }
    }

    /** What a killed process has left goes, what is somebody else's stays. */
    @Test
    void unpacksInADirectoryOfOurs() throws IOException {
        Path own = directory.resolve("new/native");
        Sqlite.unpackIn(own);
        assertThat(own).isDirectory();
        assertThat(System.getProperty("org.sqlite.tmpdir")).isEqualTo(own.toString());
        Files.createFile(own.resolve("sqlite-3.1-left.so"));
        Files.createFile(own.resolve("other.so"));
        Sqlite.unpackIn(own);
        assertThat(own.resolve("sqlite-3.1-left.so")).doesNotExist();
        assertThat(own.resolve("other.so")).exists();
    }
}
