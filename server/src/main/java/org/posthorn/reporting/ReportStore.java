package org.posthorn.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.posthorn.storage.Sqlite;
import org.posthorn.storage.UnknownFormatException;

/**
 * The SQLite file of reports: what was observed and is to be reported, what has been sent, and what others sent us. Thread-safe: one
 * platform thread works on it, callers wait. Every failure of the database is an IOException.
 */
final class ReportStore implements Closeable {
    /** Different records of one day that are kept; more are let go. */
    static final int MAX_OBSERVED = 200_000;
    /** How long what was observed is kept to be reported. */
    static final int KEEP_DAYS = 7;
    /** Octets of the file, beyond which no more received reports are kept. */
    static final long MAX_FILE = 2L << 30;

    private static final List<String> SCHEMA = List.of(
            // days count from 1970, times are seconds
            "CREATE TABLE IF NOT EXISTS policy (day INTEGER NOT NULL, domain TEXT NOT NULL, policy TEXT NOT NULL,"
                    + " PRIMARY KEY (day, domain)) STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS observed (day INTEGER NOT NULL, domain TEXT NOT NULL, record TEXT NOT NULL,"
                    + " count INTEGER NOT NULL, PRIMARY KEY (day, domain, record)) STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS sent (kind TEXT NOT NULL, day INTEGER NOT NULL, domain TEXT NOT NULL, at INTEGER NOT NULL,"
                    + " outcome TEXT NOT NULL, PRIMARY KEY (kind, day, domain)) STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS received (kind TEXT NOT NULL, organization TEXT NOT NULL, id TEXT NOT NULL,"
                    + " domain TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL, at INTEGER NOT NULL, document BLOB NOT NULL,"
                    + " PRIMARY KEY (kind, organization, id, domain)) STRICT",
            // a report of several destinations: who has it already
            "CREATE TABLE IF NOT EXISTS delivered (kind TEXT NOT NULL, day INTEGER NOT NULL, domain TEXT NOT NULL,"
                    + " destination TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, day, domain, destination))"
                    + " STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS tls_session (day INTEGER NOT NULL, domain TEXT NOT NULL, policy TEXT NOT NULL,"
                    + " outcome TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, domain, policy, outcome))"
                    + " STRICT, WITHOUT ROWID",
            // the last day of which a policy domain's mail passed and was taken
            "CREATE TABLE IF NOT EXISTS proven (domain TEXT PRIMARY KEY, day INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS received_by_end ON received (kind, ends)");

    /** Which reports. */
    enum Kind {
        DMARC,
        TLS
    }

    /** What is counted together: a policy domain's records of one day that say the same. */
    record ObservedKey(LocalDate day, String domain, String record) {}

    /** The policy last seen of a domain on a day. */
    record PolicyKey(LocalDate day, String domain) {}

    /** A report that is to be made. */
    record Due(LocalDate day, String domain, String policy) implements DueReport {}

    /** Text of a record, and of how many messages. */
    record Observed(String record, long count) {}

    /**
     * A report of somebody else.
     *
     * @param document as it was attached, gzipped
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes that are handed on, never compared
    record Received(
            Kind kind,
            String organization,
            String id,
            String domain,
            Instant begin,
            Instant end,
            Instant at,
            byte[] document) {}

    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final Connection connection;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("reports").factory());

    private ReportStore(Connection connection) {
        this.connection = connection;
    }

    /** Opens the file, made if it is missing, readable to its owner alone. */
    static ReportStore open(Path file) throws IOException {
        ReportStore store = new ReportStore(Sqlite.openOwn(file, Sqlite.Durability.FULL));
        try {
            int version = store.run(Sqlite::version);
            if (version > Reporting.FORMAT.newest()) {
                throw new UnknownFormatException(file + ", version " + version);
            }
            store.run(connection -> {
                for (String statement : SCHEMA) {
                    Sqlite.update(connection, statement);
                }
                Sqlite.update(connection, "PRAGMA user_version = " + Reporting.FORMAT.newest());
                return true;
            });
        } catch (IOException e) {
            store.close();
            throw e;
        }
        return store;
    }

    <T> T run(Work<T> work) throws IOException {
        try {
            return thread.submit(() -> Sqlite.transaction(connection, work::on)).get();
        } catch (ExecutionException e) {
            throw new IOException("the store of reports: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (RejectedExecutionException e) {
            throw new IOException("the store of reports is closed", e);
        }
    }

    /**
     * Adds to what was observed.
     *
     * @return how many messages were let go because their day has too many different records, or its report has been sent
     */
    long add(Map<PolicyKey, String> policies, Map<ObservedKey, Long> counts) throws IOException {
        return run(connection -> {
            for (Map.Entry<PolicyKey, String> entry : policies.entrySet()) {
                PolicyKey key = entry.getKey();
                Sqlite.update(
                        connection,
                        "INSERT INTO policy VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET policy = excluded.policy",
                        key.day().toEpochDay(),
                        key.domain(),
                        entry.getValue());
            }
            long lost = 0;
            for (Map.Entry<ObservedKey, Long> entry : counts.entrySet()) {
                lost += add(connection, entry.getKey(), entry.getValue());
            }
            return lost;
        });
    }

    private static long add(Connection connection, ObservedKey key, long count) throws SQLException {
        long day = key.day().toEpochDay();
        if (isDone(connection, Kind.DMARC, key.day(), key.domain())) {
            return count;
        }
        int known = Sqlite.update(
                connection,
                "UPDATE observed SET count = count + ? WHERE day = ? AND domain = ? AND record = ?",
                count,
                day,
                key.domain(),
                key.record());
        if (known == 0
                && Sqlite.query(connection, "SELECT count(*) FROM observed WHERE day = ?", row -> row.getLong(1), day)
                                .getFirst()
                        >= MAX_OBSERVED) {
            return count;
        }
        if (known == 0) {
            Sqlite.update(
                    connection, "INSERT INTO observed VALUES (?, ?, ?, ?)", day, key.domain(), key.record(), count);
        }
        return 0;
    }

    /** Whether a report needs no more doing. */
    static boolean isDone(Connection connection, Kind kind, LocalDate day, String domain) throws SQLException {
        return !Sqlite.query(
                        connection,
                        "SELECT 1 FROM sent WHERE kind = ? AND day = ? AND domain = ?",
                        row -> row.getInt(1),
                        kind.name(),
                        day.toEpochDay(),
                        domain)
                .isEmpty();
    }

    /** The destinations that have a report already, of several that it has. */
    Set<String> delivered(Kind kind, LocalDate day, String domain) throws IOException {
        return Set.copyOf(run(connection -> Sqlite.query(
                connection,
                "SELECT destination FROM delivered WHERE kind = ? AND day = ? AND domain = ?",
                row -> row.getString(1),
                kind.name(),
                day.toEpochDay(),
                domain)));
    }

    /** Notes that a destination has a report: it does not get it again. */
    void delivered(Kind kind, LocalDate day, String domain, String destination, Instant now) throws IOException {
        run(connection -> Sqlite.update(
                connection,
                "INSERT OR REPLACE INTO delivered VALUES (?, ?, ?, ?, ?)",
                kind.name(),
                day.toEpochDay(),
                domain,
                destination,
                now.getEpochSecond()));
    }

    /** Notes what became of a report, in a transaction that forgets what it was made of. */
    static void mark(Connection connection, Kind kind, LocalDate day, String domain, Instant now, String outcome)
            throws SQLException {
        Sqlite.update(
                connection,
                "INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?)",
                kind.name(),
                day.toEpochDay(),
                domain,
                now.getEpochSecond(),
                outcome);
    }

    /** The reports about days before this one that have not been sent. */
    List<Due> due(LocalDate before) throws IOException {
        return run(connection -> Sqlite.query(
                connection,
                "SELECT day, domain, policy FROM policy p WHERE day < ? AND NOT EXISTS"
                        + " (SELECT 1 FROM sent s WHERE s.kind = 'DMARC' AND s.day = p.day AND s.domain = p.domain) ORDER BY day,"
                        // where a ceiling cuts, those with the most mail come first
                        + " (SELECT sum(count) FROM observed o WHERE o.day = p.day AND o.domain = p.domain) DESC, domain",
                row -> new Due(LocalDate.ofEpochDay(row.getLong(1)), row.getString(2), row.getString(3)),
                before.toEpochDay()));
    }

    List<Observed> observed(LocalDate day, String domain) throws IOException {
        return run(connection -> Sqlite.query(
                connection,
                "SELECT record, count FROM observed WHERE day = ? AND domain = ? ORDER BY count DESC, record",
                row -> new Observed(row.getString(1), row.getLong(2)),
                day.toEpochDay(),
                domain));
    }

    /** How many destinations have got a report since a time. */
    int handedOver(Kind kind, Instant since) throws IOException {
        return run(connection -> Sqlite.query(
                        connection,
                        "SELECT count(*) FROM delivered WHERE kind = ? AND at >= ?",
                        row -> row.getInt(1),
                        kind.name(),
                        since.getEpochSecond()))
                .getFirst();
    }

    /** Marks a report as done with, and forgets what it was made of. */
    void done(Due due, Instant now, String outcome) throws IOException {
        run(connection -> {
            long day = due.day().toEpochDay();
            mark(connection, Kind.DMARC, due.day(), due.domain(), now, outcome);
            Sqlite.update(connection, "DELETE FROM observed WHERE day = ? AND domain = ?", day, due.domain());
            return Sqlite.update(connection, "DELETE FROM policy WHERE day = ? AND domain = ?", day, due.domain());
        });
    }

    /** What became of the DMARC report about a day; empty when there was none. */
    Optional<String> outcome(LocalDate day, String domain) throws IOException {
        return outcome(Kind.DMARC, day, domain);
    }

    /** What became of the report about a day; empty when there was none. */
    Optional<String> outcome(Kind kind, LocalDate day, String domain) throws IOException {
        return run(connection -> Sqlite.query(
                        connection,
                        "SELECT outcome FROM sent WHERE kind = ? AND day = ? AND domain = ?",
                        row -> row.getString(1),
                        kind.name(),
                        day.toEpochDay(),
                        domain)
                .stream()
                .findFirst());
    }

    /**
     * Keeps a received report; false when it is there already.
     *
     * @throws IOException also when the file has reached its limit: anybody can send reports
     */
    boolean save(Received report) throws IOException {
        return save(report, MAX_FILE);
    }

    boolean save(Received report, long limit) throws IOException {
        long octets = run(connection -> Sqlite.query(
                        connection,
                        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
                        row -> row.getLong(1))
                .getFirst());
        if (octets + report.document().length > limit) {
            throw new IOException("the store of reports has reached its limit of " + limit + " octets");
        }
        return run(connection -> Sqlite.update(
                        connection,
                        "INSERT INTO received VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        report.kind().name(),
                        report.organization(),
                        report.id(),
                        report.domain(),
                        report.begin().getEpochSecond(),
                        report.end().getEpochSecond(),
                        report.at().getEpochSecond(),
                        report.document())
                == 1);
    }

    /** The newest received reports whose period ends after a time, of one domain or of all, by their row. */
    List<Long> received(Kind kind, Optional<String> domain, Instant after, int limit) throws IOException {
        return run(connection -> Sqlite.query(
                connection,
                "SELECT rowid FROM received WHERE kind = ? AND ends >= ? AND (? = '' OR domain = ?) ORDER BY ends DESC LIMIT ?",
                row -> row.getLong(1),
                kind.name(),
                after.getEpochSecond(),
                domain.orElse(""),
                domain.orElse(""),
                limit));
    }

    /** The document of a row, gzipped; empty when it is gone by now. */
    Optional<byte[]> document(long row) throws IOException {
        return run(
                connection -> Sqlite.query(
                                connection,
                                "SELECT document FROM received WHERE rowid = ?",
                                result -> result.getBytes(1),
                                row)
                        .stream()
                        .findFirst());
    }

    /** Forgets reports, received and sent, that are older than this, and what was observed more than {@value #KEEP_DAYS} days ago. */
    void forgetOld(Instant now, Duration keep) throws IOException {
        forgetObserved(LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(KEEP_DAYS));
        forget(now.minus(keep));
    }

    /** Forgets received reports that came before a time, and the marks of those that were sent before it. */
    void forget(Instant before) throws IOException {
        run(connection -> {
            Sqlite.update(connection, "DELETE FROM received WHERE at < ?", before.getEpochSecond());
            Sqlite.update(connection, "DELETE FROM delivered WHERE at < ?", before.getEpochSecond());
            return Sqlite.update(connection, "DELETE FROM sent WHERE at < ?", before.getEpochSecond());
        });
    }

    /** Forgets what was observed on days before this one, whether reported or not. */
    void forgetObserved(LocalDate before) throws IOException {
        run(connection -> {
            Sqlite.update(connection, "DELETE FROM observed WHERE day < ?", before.toEpochDay());
            Sqlite.update(connection, "DELETE FROM tls_session WHERE day < ?", before.toEpochDay());
            Sqlite.update(connection, "DELETE FROM proven WHERE day < ?", before.toEpochDay() - ProvenDomains.DAYS);
            return Sqlite.update(connection, "DELETE FROM policy WHERE day < ?", before.toEpochDay());
        });
    }

    @Override
    public void close() throws IOException {
        thread.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the store of reports: " + e.getMessage(), e);
        }
    }
}
