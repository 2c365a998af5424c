package org.posthorn.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;

/**
 * Counts judged messages under their policy domains, in memory first and every half a minute in the store. Thread-safe; taking a
 * message in costs no input or output and never fails.
 */
final class DmarcCollector implements Closeable {
    /** Different records that wait in memory; more are let go. */
    static final int MAX_WAITING = 10_000;

    private static final int SECONDS = 30;

    private final ReportStore store;
    private final MailLog log;
    private final Counter observed;
    private final Counter lost;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("dmarc-collector").factory());
    private volatile Optional<ScheduledFuture<?>> loop = Optional.empty();
    private Map<ReportStore.PolicyKey, String> policies = new HashMap<>();
    private Map<ReportStore.ObservedKey, Long> counts = new HashMap<>();

    DmarcCollector(ReportStore store, Metrics metrics, MailLog log) {
        this.store = store;
        this.log = log;
        this.observed = metrics.counter("posthorn_dmarc_observed", "Messages counted for DMARC reports");
        this.lost = metrics.counter("posthorn_dmarc_observed_lost", "Messages that no DMARC report will count");
    }

    /** Writes what waits from now on every half a minute. */
    void start() {
        loop = Optional.of(timer.scheduleWithFixedDelay(this::flush, SECONDS, SECONDS, TimeUnit.SECONDS));
    }

    /** False where nothing is written any more though nobody closed it. */
    boolean alive() {
        return timer.isShutdown() || loop.stream().noneMatch(ScheduledFuture::isDone);
    }

    /** Takes a message in; one whose policy domain wants no reports is passed over. */
    void observe(ObservedMail mail) {
        if (mail.reportUris().isEmpty()) {
            return;
        }
        LocalDate day = LocalDate.ofInstant(mail.when(), ZoneOffset.UTC);
        ReportStore.PolicyKey policy =
                new ReportStore.PolicyKey(day, mail.policy().domain());
        ReportStore.ObservedKey key =
                new ReportStore.ObservedKey(day, mail.policy().domain(), RecordText.of(mail.record()));
        String text = RecordText.of(mail.policy(), mail.reportUris());
        synchronized (this) {
            if (counts.size() >= MAX_WAITING && !counts.containsKey(key)) {
                lost.increment();
                return;
            }
            counts.merge(key, mail.record().count(), Long::sum);
            // RFC 9990 3.1: of several policies of a day the last one is noted
            policies.put(policy, text);
        }
        observed.increment();
    }

    /** Writes what waits; what cannot be written is lost, and said to be. */
    void flush() {
        Map<ReportStore.PolicyKey, String> latest;
        Map<ReportStore.ObservedKey, Long> some;
        synchronized (this) {
            some = counts;
            latest = policies;
            counts = new HashMap<>();
            policies = new HashMap<>();
        }
        if (some.isEmpty()) {
            return;
        }
        try {
            long refused = store.add(latest, some);
            if (refused > 0) {
                lost.add(refused);
                log.warning("reports", "", "too-much-observed", "messages", refused);
            }
        } catch (IOException | RuntimeException | Error e) {
            lost.add(some.values().stream().mapToLong(Long::longValue).sum());
            log.failure(MailLog.Level.ERROR, "reports", "", "observed-mail-lost", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        timer.close();
        flush();
    }
}
