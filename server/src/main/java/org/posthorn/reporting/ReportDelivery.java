package org.posthorn.reporting;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.posthorn.log.MailLog;

/**
 * Gives a report to each of its destinations once: the store knows who has it, and a failure at one is nobody else's concern. Used by
 * one thread at a time.
 */
final class ReportDelivery {
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    /** Destinations whose last failure is remembered; beyond that all are tried again sooner. */
    private static final int MAX_WAITING = 10_000;

    private final ReportStore store;
    private final MailLog log;
    private final Map<String, Instant> waiting = new HashMap<>();

    ReportDelivery(ReportStore store, MailLog log) {
        this.store = store;
        this.log = log;
    }

    /** A way to one destination. */
    interface Way {
        /** Hands the report over; false where the destination takes none of this size. */
        boolean go() throws IOException;
    }

    /** Which report. */
    record Report(ReportStore.Kind kind, LocalDate day, String domain) {}

    /**
     * Takes the ways that have not been taken.
     *
     * @param ways by destination
     * @param unsure there may be more destinations
     * @param eager also where it failed a short while ago
     * @return {@code sent}, {@code too-large} or {@code deferred}: then some are to be tried again
     */
    String go(Report report, Map<String, Way> ways, boolean unsure, boolean eager, Instant now) throws IOException {
        Set<String> have = store.delivered(report.kind(), report.day(), report.domain());
        boolean deferred = unsure;
        int sent = 0;
        for (Map.Entry<String, Way> way : ways.entrySet()) {
            String destination = way.getKey();
            if (have.contains(destination)) {
                sent++;
                continue;
            }
            String key = report + " " + destination;
            if (!eager && waiting.getOrDefault(key, Instant.MIN).isAfter(now)) {
                deferred = true;
                continue;
            }
            try {
                if (way.getValue().go()) {
                    store.delivered(report.kind(), report.day(), report.domain(), destination, now);
                    sent++;
                }
                waiting.remove(key);
            } catch (IOException | RuntimeException e) {
                deferred = true;
                putOff(key, report.day(), now);
                log.failure(
                        MailLog.Level.WARNING,
                        "reports",
                        "",
                        "report-deferred",
                        e,
                        "kind",
                        report.kind(),
                        "domain",
                        report.domain(),
                        "day",
                        report.day(),
                        "to",
                        destination);
            }
        }
        return deferred ? DailyReporter.DEFERRED : sent > 0 ? "sent" : "too-large";
    }

    /** RFC 8460 5.5: tries follow in ever longer intervals; each is half of the time that has passed. */
    private void putOff(String key, LocalDate day, Instant now) {
        Instant due = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Duration wait = Duration.between(due, now).dividedBy(2);
        if (waiting.size() >= MAX_WAITING) {
            waiting.clear();
        }
        if (wait.isPositive()) {
            waiting.put(key, now.plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait));
        }
    }
}
