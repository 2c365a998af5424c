package org.posthorn.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.posthorn.delivery.remote.TlsSessions;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;

/**
 * Counts TLS sessions by the domains whose servers they were with, in memory first and every half a minute in the store. Thread-safe;
 * taking a session in costs no input or output and never fails.
 */
final class TlsCollector implements Closeable {
    /** Different sessions that wait in memory; more are let go. */
    static final int MAX_WAITING = 10_000;

    private static final int SECONDS = 30;

    private final TlsSessionTable table;
    private final MailLog log;
    private final Counter observed;
    private final Counter lost;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("tls-collector").factory());
    private volatile Optional<ScheduledFuture<?>> loop = Optional.empty();
    private Map<TlsSessionTable.Key, Long> counts = new HashMap<>();

    TlsCollector(TlsSessionTable table, Metrics metrics, MailLog log) {
        this.table = table;
        this.log = log;
        this.observed = metrics.counter("posthorn_tls_observed", "TLS sessions with others counted for reports");
        this.lost = metrics.counter("posthorn_tls_observed_lost", "TLS sessions that no report will count");
    }

    /** Writes what waits from now on every half a minute. */
    void start() {
        loop = Optional.of(timer.scheduleWithFixedDelay(this::flush, SECONDS, SECONDS, TimeUnit.SECONDS));
    }

    /** False where nothing is written any more though nobody closed it. */
    boolean alive() {
        return timer.isShutdown() || loop.stream().noneMatch(ScheduledFuture::isDone);
    }

    void observe(TlsSessions.Session session, Instant when) {
        TlsSessionTable.Key key = new TlsSessionTable.Key(
                LocalDate.ofInstant(when, ZoneOffset.UTC),
                session.domain(),
                TlsSessionText.policy(session.policy()),
                TlsSessionText.outcome(session));
        synchronized (this) {
            if (counts.size() >= MAX_WAITING && !counts.containsKey(key)) {
                lost.increment();
                return;
            }
            counts.merge(key, 1L, Long::sum);
        }
        observed.increment();
    }

    /** Writes what waits; what cannot be written is lost, and said to be. */
    void flush() {
        Map<TlsSessionTable.Key, Long> some;
        synchronized (this) {
            some = counts;
            counts = new HashMap<>();
        }
        if (some.isEmpty()) {
            return;
        }
        try {
            long refused = table.add(some);
            if (refused > 0) {
                lost.add(refused);
                log.warning("reports", "", "tls-sessions-lost", "sessions", refused);
            }
        } catch (IOException | RuntimeException | Error e) {
            lost.add(some.values().stream().mapToLong(Long::longValue).sum());
            log.failure(MailLog.Level.ERROR, "reports", "", "tls-sessions-lost", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        timer.close();
        flush();
    }
}
