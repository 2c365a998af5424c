package org.posthorn.mailbox.maildir;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.posthorn.mailbox.Message;

/** Writes and deletes the rows of a folder in an {@link Index}, in the transaction that the caller has begun. */
final class IndexRows {
    /** Removals that are remembered of a folder. */
    private static final int MAX_EXPUNGED = 10_000;

    private IndexRows() {}

    static void clear(Connection connection, long validity) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : IndexSchema.OF_FOLDERS) {
                statement.execute("DELETE FROM " + table + " WHERE validity = " + validity);
            }
        }
    }

    static void write(Connection connection, FolderRow row) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "INSERT INTO mailbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (validity) DO UPDATE SET"
                        + " directory = excluded.directory, uid_next = excluded.uid_next,"
                        + " uid_ceiling = excluded.uid_ceiling, mod_seq = excluded.mod_seq,"
                        + " recent_from = excluded.recent_from,"
                        + " cur_seen = excluded.cur_seen, new_seen = excluded.new_seen, boot = excluded.boot,"
                        + " run = excluded.run")) {
            update.setLong(1, row.validity());
            update.setString(2, row.directory());
            update.setLong(3, row.uidNext());
            update.setLong(4, row.uidCeiling());
            update.setLong(5, row.modSeq());
            update.setLong(6, row.recentFrom());
            update.setLong(7, row.expungedFloor());
            update.setLong(8, row.curSeen());
            update.setLong(9, row.newSeen());
            update.setString(10, row.boot());
            update.setString(11, row.run());
            update.executeUpdate();
        }
    }

    static void write(Connection connection, FolderSave save) throws SQLException {
        long validity = save.row().validity();
        if (save.whole()) {
            clear(connection, validity);
        }
        write(connection, save.row());
        if (!save.gone().isEmpty()) {
            writeGone(connection, validity, save.gone());
        }
        if (!save.changed().isEmpty()) {
            writeMessages(connection, validity, save.changed());
        }
        if (!save.inherited().isEmpty()) {
            inherit(connection, "structure", validity, save.inherited());
            inherit(connection, "header", validity, save.inherited());
        }
        if (!save.structures().isEmpty()) {
            writeRows(connection, "structure", validity, save.structures());
        }
        if (!save.headers().isEmpty()) {
            writeRows(connection, "header", validity, save.headers());
        }
    }

    private static void writeMessages(Connection connection, long validity, List<FolderSave.Saved> messages)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "INSERT OR REPLACE INTO message VALUES (" + validity + ", ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (FolderSave.Saved saved : messages) {
                Message message = saved.entry().message();
                update.setLong(1, message.uid());
                update.setLong(2, message.modSeq());
                update.setLong(3, message.internalDate());
                update.setLong(4, message.size());
                update.setLong(5, saved.entry().fileSize());
                update.setString(6, saved.entry().base());
                update.setString(7, saved.entry().info());
                update.setString(8, saved.moreKeywords());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static void inherit(Connection connection, String table, long validity, List<FolderSave.Inherited> messages)
            throws SQLException {
        try (PreparedStatement move = connection.prepareStatement("UPDATE OR REPLACE " + table + " SET validity = "
                        + validity + ", uid = ? WHERE validity = ? AND uid = ?");
                PreparedStatement copy = connection.prepareStatement("INSERT OR REPLACE INTO " + table + " SELECT "
                        + validity + ", ?, data FROM " + table + " WHERE validity = ? AND uid = ?")) {
            for (FolderSave.Inherited one : messages) {
                PreparedStatement way = one.moved() ? move : copy;
                way.setLong(1, one.uid());
                way.setLong(2, one.from().validity());
                way.setLong(3, one.from().uid());
                way.addBatch();
            }
            // First, since what is copied may move away in the same step.
            copy.executeBatch();
            move.executeBatch();
        }
    }

    private static void writeRows(Connection connection, String table, long validity, Map<Long, byte[]> rows)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("INSERT OR REPLACE INTO " + table + " VALUES (" + validity + ", ?, ?)")) {
            // In the order of the table, so that its pages are filled one after the other.
            for (Map.Entry<Long, byte[]> row : new TreeMap<>(rows).entrySet()) {
                update.setLong(1, row.getKey());
                update.setBytes(2, row.getValue());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static void writeGone(Connection connection, long validity, List<FolderSave.Gone> gone)
            throws SQLException {
        try (PreparedStatement message = connection.prepareStatement(
                        "DELETE FROM message WHERE validity = " + validity + " AND uid = ?");
                PreparedStatement structure = connection.prepareStatement(
                        "DELETE FROM structure WHERE validity = " + validity + " AND uid = ?");
                PreparedStatement header = connection.prepareStatement(
                        "DELETE FROM header WHERE validity = " + validity + " AND uid = ?");
                PreparedStatement expunged = connection.prepareStatement(
                        "INSERT OR REPLACE INTO expunged VALUES (" + validity + ", ?, ?)")) {
            for (FolderSave.Gone one : gone) {
                message.setLong(1, one.uid());
                message.addBatch();
                if (!one.moved()) {
                    structure.setLong(1, one.uid());
                    structure.addBatch();
                    header.setLong(1, one.uid());
                    header.addBatch();
                }
                expunged.setLong(1, one.modSeq());
                expunged.setLong(2, one.uid());
                expunged.addBatch();
            }
            message.executeBatch();
            structure.executeBatch();
            header.executeBatch();
            expunged.executeBatch();
        }
    }

    /** Forgets the oldest removals one by one: from then on all that can be said is what is still there. */
    static void pruneExpunged(Connection connection, long validity) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long floor;
            try (ResultSet result = statement.executeQuery("SELECT mod_seq FROM expunged WHERE validity = " + validity
                    + " ORDER BY mod_seq DESC LIMIT 1 OFFSET " + MAX_EXPUNGED)) {
                floor = result.next() ? result.getLong(1) : 0;
            }
            if (floor > 0) {
                statement.execute("DELETE FROM expunged WHERE validity = " + validity + " AND mod_seq <= " + floor);
                statement.execute("UPDATE mailbox SET expunged_floor = " + floor + " WHERE validity = " + validity);
            }
        }
    }
}
