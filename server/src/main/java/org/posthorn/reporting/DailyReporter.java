package org.posthorn.reporting;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;

/** Goes through the reports of one kind that are due: what becomes of each is kept, counted and logged. Thread-safe. */
abstract class DailyReporter<D extends DueReport> implements Reporter {
    static final String DEFERRED = "deferred";
    static final String UNWANTED = "unwanted";
    /** Of a domain whose mail is not worth a report. */
    static final String UNPROVEN = "unproven";

    private static final Set<String> QUIET = Set.of(UNWANTED, UNPROVEN);

    private final String event;
    private final Counter reports;
    private final MailLog log;

    /**
     * For one kind.
     *
     * @param event for the log
     * @param reports counts outcomes
     */
    DailyReporter(String event, Counter reports, MailLog log) {
        this.event = event;
        this.reports = reports;
        this.log = log;
    }

    /** In whose name; empty where none are sent. */
    abstract Optional<ReportingConfig.Author> author();

    /** Those about days before the end. */
    abstract List<D> due(LocalDate end) throws IOException;

    /** Makes a report and hands it over: what becomes of it, {@link #DEFERRED} where it is to be tried again. */
    abstract String outcome(D due, ReportingConfig.Author author, boolean eager, Instant now) throws IOException;

    /** Nothing more is to be done about it. */
    abstract void done(D due, Instant now, String outcome) throws IOException;

    @Override
    public final synchronized List<String> send(Instant now, Optional<LocalDate> day, boolean eager)
            throws IOException {
        Optional<ReportingConfig.Author> author = author();
        List<String> lines = new ArrayList<>();
        if (author.isEmpty()) {
            return lines;
        }
        for (D due : due(Reporter.end(now, day))) {
            if (day.isEmpty() || day.get().equals(due.day())) {
                lines.add(due.domain() + " " + due.day() + ": " + send(due, author.get(), eager, now));
            }
        }
        return lines;
    }

    private String send(D due, ReportingConfig.Author author, boolean eager, Instant now) {
        String outcome;
        try {
            outcome = outcome(due, author, eager, now);
            if (!outcome.equals(DEFERRED)) {
                done(due, now, outcome);
                // Most domains want none, or are nobody's; the log would drown in them.
                if (!QUIET.contains(outcome)) {
                    log.info("reports", "", event, "domain", due.domain(), "day", due.day(), "outcome", outcome);
                }
            }
        } catch (IOException | RuntimeException e) {
            outcome = DEFERRED;
            log.failure(
                    MailLog.Level.ERROR, "reports", "", "report-deferred", e, "domain", due.domain(), "day", due.day());
        }
        reports.increment(outcome);
        return outcome;
    }
}
