package org.posthorn.mailbox.maildir;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of an account in its {@link Index}, by their key: the last UIDVALIDITY, the file itself, and of the mod-sequences the durable ceiling, or,
 * only while nobody gives any, the last that was given.
 */
final class IndexNumbers {
    private static final String CEILING = "mod_seq_ceiling";
    private static final String LAST = "mod_seq";

    private IndexNumbers() {}

    /** When a folder's directories were as the index knows them, in nanoseconds since 1970. */
    record Seen(long cur, long fresh) {
        static final Seen NEVER = new Seen(0, 0);
    }

    static Optional<Long> value(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT value FROM account WHERE key = ?")) {
            query.setString(1, key);
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? Optional.of(result.getLong(1)) : Optional.empty();
            }
        }
    }

    private static void put(Connection connection, String key, long value) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("INSERT OR REPLACE INTO account VALUES (?, ?)")) {
            update.setString(1, key);
            update.setLong(2, value);
            update.executeUpdate();
        }
    }

    static void reachValidity(Connection connection, long validity) throws SQLException {
        put(
                connection,
                "validity",
                Math.max(validity, value(connection, "validity").orElse(0L)));
    }

    static Optional<Long> modSequence(Connection connection) throws SQLException {
        Optional<Long> parked = value(connection, LAST);
        return parked.isPresent() ? parked : value(connection, CEILING);
    }

    static void raiseModSequence(Connection connection, long ceiling) throws SQLException {
        put(connection, CEILING, ceiling);
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM account WHERE key = '" + LAST + "'");
        }
    }

    static void parkModSequence(Connection connection, long last) throws SQLException {
        put(connection, LAST, last);
    }

    static Map<String, Seen> seen(Connection connection) throws SQLException {
        Map<String, Seen> seen = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT directory, cur_seen, new_seen FROM mailbox ORDER BY validity")) {
            while (result.next()) {
                seen.put(result.getString(1), new Seen(result.getLong(2), result.getLong(3)));
            }
        }
        return seen;
    }

    /** What the index says about the file that it lies in. */
    static Birth origin(Connection connection) throws SQLException {
        return new Birth(
                value(connection, "inode").orElse(0L), value(connection, "born").orElse(0L));
    }

    /** @param copied whether it is another file now, and all else it says is too old to be believed */
    static void recordOrigin(Connection connection, Birth now, boolean copied) throws SQLException {
        if (copied) {
            try (Statement statement = connection.createStatement()) {
                for (String table : IndexSchema.OF_FOLDERS) {
                    statement.execute("DELETE FROM " + table);
                }
                statement.execute("DELETE FROM account WHERE key IN ('" + LAST + "', '" + CEILING + "')");
                statement.execute(
                        "INSERT OR REPLACE INTO account SELECT 'copied', value FROM account WHERE key = 'validity'");
            }
        }
        put(connection, "inode", now.inode());
        put(connection, "born", now.born());
    }
}
