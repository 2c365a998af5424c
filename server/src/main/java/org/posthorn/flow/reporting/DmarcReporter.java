package org.posthorn.flow.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AggregateReportParser;
import org.posthorn.protocol.dmarcreport.AggregateReportWriter;
import org.posthorn.protocol.dmarcreport.ReportRecord;

/**
 * Sends the aggregate reports about the days that are over. It looks every quarter of an hour, but not in the first hours of a day (UTC)
 * before a time that is drawn for each day, so that receivers do not get everybody's reports at midnight. What cannot be sent for
 * want of an answer from the DNS, a key or room is tried again until its day is a week past.
 */
final class DmarcReporter implements Closeable {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(15);
    /** Reports are sent at some time in the first hours of a day. */
    private static final int SPREAD_MINUTES = 180;

    private static final int KEEP_DAYS = 7;

    private final Supplier<ReportingConfig> config;
    private final ReportStore store;
    private final Supplier<Destinations> destinations;
    private final ReportPost post;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Counter reports;
    private final MailLog log;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("dmarc-reporter").factory());
    private LocalDate drawnFor = LocalDate.MIN;
    private int notBefore;

    DmarcReporter(
            Supplier<ReportingConfig> config,
            ReportStore store,
            Supplier<Destinations> destinations,
            ReportPost post,
            InstantSource clock,
            RandomGenerator random,
            Metrics metrics,
            MailLog log) {
        this.config = config;
        this.store = store;
        this.destinations = destinations;
        this.post = post;
        this.clock = clock;
        this.random = random;
        this.reports = metrics.counter("posthorn_dmarc_reports", "DMARC reports about others by outcome", "outcome");
        this.log = log;
    }

    void start() {
        ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(this::look, 1, LOOK_EVERY.toMinutes(), TimeUnit.MINUTES);
    }

    private void look() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!today.equals(drawnFor)) {
            drawnFor = today;
            notBefore = random.nextInt(SPREAD_MINUTES);
        }
        if (now.isBefore(
                today.atStartOfDay(ZoneOffset.UTC).plusMinutes(notBefore).toInstant())) {
            return;
        }
        try {
            sendDue(now);
        } catch (IOException | RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "reports", "", "reporting-failed", e);
        }
    }

    /** Sends all reports about days before the one of this time; forgets what is too old. */
    void sendDue(Instant now) throws IOException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        store.forgetObserved(today.minusDays(KEEP_DAYS));
        store.forget(now.minus(config.get().keep()));
        Optional<Address> from = config.get().from();
        if (from.isEmpty()) {
            return;
        }
        for (ReportStore.Due due : store.due(today)) {
            try {
                send(due, from.get(), now);
            } catch (IOException | RuntimeException e) {
                reports.increment("deferred");
                log.failure(
                        MailLog.Level.ERROR,
                        "reports",
                        "",
                        "report-deferred",
                        e,
                        "domain",
                        due.domain(),
                        "day",
                        due.day());
            }
        }
    }

    private void send(ReportStore.Due due, Address from, Instant now) throws IOException {
        Destinations.Found found = destinations.get().of(due.domain(), RecordText.uris(due.policy()));
        found.refused()
                .forEach(reason -> log.warning(
                        "reports", "", "report-destination-refused", "domain", due.domain(), "reason", reason));
        if (found.takers().isEmpty()) {
            if (found.unsure()) {
                reports.increment("deferred");
            } else {
                finish(due, now, "unwanted");
            }
            return;
        }
        List<ReportRecord> records = new ArrayList<>();
        for (ReportStore.Observed observed : store.observed(due.day(), due.domain())) {
            if (records.size() < AggregateReportParser.MAX_RECORDS) {
                records.add(RecordText.record(observed.record(), observed.count()));
            }
        }
        if (records.isEmpty()) {
            finish(due, now, "empty");
            return;
        }
        AggregateReport report = report(due, from, records);
        byte[] xml = AggregateReportWriter.write(report);
        int sent = 0;
        for (ReportUri taker : found.takers()) {
            ReportMail mail = ReportMail.dmarc(subject(due, report, from), taker.address(), xml, now);
            // RFC 9990 3.5: as it is transported, so after compression and encoding
            if (mail.body().length > taker.limit()) {
                log.warning(
                        "reports",
                        "",
                        "report-too-large",
                        "domain",
                        due.domain(),
                        "to",
                        taker.address(),
                        "octets",
                        mail.body().length);
                continue;
            }
            post.send(mail, from, taker.address(), now);
            sent++;
        }
        finish(due, now, sent > 0 ? "sent" : "too-large");
    }

    private void finish(ReportStore.Due due, Instant now, String outcome) throws IOException {
        store.done(due, now, outcome);
        reports.increment(outcome);
        log.info("reports", "", "dmarc-report", "domain", due.domain(), "day", due.day(), "outcome", outcome);
    }

    private AggregateReport report(ReportStore.Due due, Address from, List<ReportRecord> records) {
        ReportingConfig settings = config.get();
        Instant begin = due.day().atStartOfDay(ZoneOffset.UTC).toInstant();
        return new AggregateReport(
                new AggregateReport.Metadata(
                        settings.organization(),
                        from.toString(),
                        settings.contact(),
                        // RFC 9990 3.5.1: unique, and the same when it has to be sent again
                        due.day().toString().replace("-", "") + "." + due.domain() + "@" + from.domain(),
                        begin,
                        begin.plusSeconds(86_399),
                        List.of(),
                        Optional.of("Posthorn")),
                RecordText.policy(due.policy()),
                records);
    }

    private static ReportMail.Subject subject(ReportStore.Due due, AggregateReport report, Address from) {
        return new ReportMail.Subject(
                report.metadata().id(),
                due.domain(),
                due.day(),
                from,
                report.metadata().organization(),
                List.of(
                        "This is a DMARC aggregate report about mail from " + due.domain() + ",",
                        "as " + from.domain() + " received it on " + due.day() + " (UTC): " + report.messages()
                                + " messages.",
                        "",
                        "You get it because the DMARC record of " + due.domain() + " asks for it (rua)."));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        timer.close();
    }
}
