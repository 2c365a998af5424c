package org.posthorn.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.posthorn.storage.Sqlite;

/**
 * The table {@code dkim_key} in {@code directory.db}, where the states of keys lay until that file's version 3. It is there as long as
 * they have not been taken over.
 */
final class FormerKeyTable implements AutoCloseable {
    private final Connection connection;

    private FormerKeyTable(Connection connection) {
        this.connection = connection;
    }

    /** Takes the states over, once and for all; without effect where they have been, or where there is no such file. */
    static void takeOver(Path directory, DkimKeyDatabase into, Instant now) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (FormerKeyTable former = new FormerKeyTable(Sqlite.open(directory, Sqlite.Durability.FULL))) {
            Set<String> columns = former.columns();
            if (columns.isEmpty()) {
                return;
            }
            List<DkimKeyDatabase.Row> keys = former.rows(columns, now);
            // A crash after this leaves both tables, and the next start finds each key there already.
            into.change(() -> {
                for (DkimKeyDatabase.Row key : keys) {
                    into.insertIfAbsent(key);
                }
                return keys.size();
            });
            former.drop();
        } catch (SQLException e) {
            throw new IOException("cannot take the DKIM keys over from " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Version 1 had no states: all of its keys sign. */
    private List<DkimKeyDatabase.Row> rows(Set<String> columns, Instant now) throws SQLException {
        long seconds = now.getEpochSecond();
        String life = columns.contains("state")
                ? "algorithm, state, made, since"
                : "CASE WHEN record LIKE '%k=ed25519%' THEN 'ed25519-sha256' ELSE 'rsa-sha256' END, 'active', "
                        + seconds + ", " + seconds;
        return Sqlite.query(
                connection,
                "SELECT domain, selector, file, record, " + life + " FROM dkim_key",
                row -> new DkimKeyDatabase.Row(
                        row.getString(1),
                        row.getString(2),
                        row.getString(5),
                        row.getString(3),
                        row.getString(4),
                        row.getString(6),
                        row.getLong(7),
                        row.getLong(8)));
    }

    /** None where there is no such table. */
    private Set<String> columns() throws SQLException {
        return Set.copyOf(
                Sqlite.query(connection, "SELECT name FROM pragma_table_info('dkim_key')", row -> row.getString(1)));
    }

    private void drop() throws SQLException {
        var _ = Sqlite.update(connection, "DROP TABLE dkim_key");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
