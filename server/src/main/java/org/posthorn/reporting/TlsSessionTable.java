package org.posthorn.reporting;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.reporting.ReportStore.Kind;
import org.posthorn.storage.Sqlite;

/** What is known of TLS sessions to others, in the store. Thread-safe, as the store is. */
final class TlsSessionTable {
    /** Different rows of one day that are kept; more are let go. */
    static final int MAX_ROWS = 50_000;
    /** Failures of one domain and day that are told apart; more are counted together. */
    static final int MAX_FAILURES = 100;

    /**
     * What is counted together.
     *
     * @param policy see {@link TlsSessionText}
     * @param outcome see {@link TlsSessionText}
     */
    record Key(LocalDate day, String domain, String policy, String outcome) {}

    /** A report that is to be made. */
    record Due(LocalDate day, String domain) implements DueReport {}

    /** Sessions that went alike. */
    record Row(String policy, String outcome, long count) {}

    private final ReportStore store;
    private final int maxRows;

    TlsSessionTable(ReportStore store) {
        this(store, MAX_ROWS);
    }

    /** With a limit of a test's. */
    TlsSessionTable(ReportStore store, int maxRows) {
        this.store = store;
        this.maxRows = maxRows;
    }

    /**
     * Adds to what was observed.
     *
     * @return how many sessions were let go: the day is full, or its report has been sent
     */
    long add(Map<Key, Long> counts) throws IOException {
        return store.run(connection -> {
            Map<LocalDate, Long> rows = new HashMap<>();
            long lost = 0;
            for (Map.Entry<Key, Long> entry : counts.entrySet()) {
                lost += add(connection, entry.getKey(), entry.getValue(), rows);
            }
            return lost;
        });
    }

    private long add(Connection connection, Key key, long count, Map<LocalDate, Long> rows) throws SQLException {
        if (ReportStore.isDone(connection, Kind.TLS, key.day(), key.domain())) {
            return count;
        }
        if (increment(connection, key, count)) {
            return 0;
        }
        Key fitting = key;
        if (number(connection, "SELECT count(*) FROM tls_session WHERE day = ? AND domain = ?", key.day(), key.domain())
                >= MAX_FAILURES) {
            fitting = new Key(key.day(), key.domain(), key.policy(), TlsSessionText.more(key.outcome()));
            if (increment(connection, fitting, count)) {
                return 0;
            }
        }
        long there = rows.containsKey(key.day())
                ? rows.get(key.day())
                : number(connection, "SELECT count(*) FROM tls_session WHERE day = ?", key.day());
        rows.put(key.day(), there + 1);
        if (there >= maxRows) {
            return count;
        }
        Sqlite.update(
                connection,
                "INSERT INTO tls_session VALUES (?, ?, ?, ?, ?)",
                key.day().toEpochDay(),
                fitting.domain(),
                fitting.policy(),
                fitting.outcome(),
                count);
        return 0;
    }

    private static boolean increment(Connection connection, Key key, long count) throws SQLException {
        return Sqlite.update(
                        connection,
                        "UPDATE tls_session SET count = count + ? WHERE day = ? AND domain = ? AND policy = ? AND outcome = ?",
                        count,
                        key.day().toEpochDay(),
                        key.domain(),
                        key.policy(),
                        key.outcome())
                > 0;
    }

    private static long number(Connection connection, String sql, LocalDate day, Object... more) throws SQLException {
        Object[] values = new Object[more.length + 1];
        values[0] = day.toEpochDay();
        System.arraycopy(more, 0, values, 1, more.length);
        return Sqlite.query(connection, sql, row -> row.getLong(1), values).getFirst();
    }

    /** The reports about days before this one that have not been sent. */
    List<Due> due(LocalDate before) throws IOException {
        return store.run(connection -> Sqlite.query(
                connection,
                "SELECT DISTINCT day, domain FROM tls_session t WHERE day < ? AND NOT EXISTS"
                        + " (SELECT 1 FROM sent s WHERE s.kind = 'TLS' AND s.day = t.day AND s.domain = t.domain) ORDER BY day, domain",
                row -> new Due(LocalDate.ofEpochDay(row.getLong(1)), row.getString(2)),
                before.toEpochDay()));
    }

    List<Row> rows(Due due) throws IOException {
        return store.run(connection -> Sqlite.query(
                connection,
                "SELECT policy, outcome, count FROM tls_session WHERE day = ? AND domain = ? ORDER BY policy, count DESC, outcome",
                row -> new Row(row.getString(1), row.getString(2), row.getLong(3)),
                due.day().toEpochDay(),
                due.domain()));
    }

    /** Marks a report as done with, and forgets what it was made of. */
    void done(Due due, Instant now, String outcome) throws IOException {
        store.run(connection -> {
            ReportStore.mark(connection, Kind.TLS, due.day(), due.domain(), now, outcome);
            return Sqlite.update(
                    connection,
                    "DELETE FROM tls_session WHERE day = ? AND domain = ?",
                    due.day().toEpochDay(),
                    due.domain());
        });
    }
}
