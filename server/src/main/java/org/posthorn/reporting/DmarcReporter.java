package org.posthorn.reporting;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AggregateReportParser;
import org.posthorn.protocol.dmarcreport.AggregateReportWriter;
import org.posthorn.protocol.dmarcreport.ReportRecord;

/**
 * Sends the aggregate reports of DMARC. What cannot be sent to a destination for want of an answer from the DNS, a key or room is tried
 * again until its day is a week past; who has the report does not get it again.
 */
final class DmarcReporter extends DailyReporter<ReportStore.Due> {
    private final Supplier<ReportingConfig> config;
    private final ReportStore store;
    private final Supplier<Destinations> destinations;
    private final ReportMailer post;
    private final ReportDelivery delivery;
    private final ProvenDomains proven;
    private final MailLog log;

    DmarcReporter(
            Supplier<ReportingConfig> config,
            ReportStore store,
            Supplier<Destinations> destinations,
            ReportMailer post,
            Metrics metrics,
            MailLog log) {
        super(
                "dmarc-report",
                metrics.counter("posthorn_dmarc_reports", "DMARC reports about others by outcome", "outcome"),
                log);
        this.config = config;
        this.store = store;
        this.destinations = destinations;
        this.post = post;
        this.delivery = new ReportDelivery(store, log);
        this.proven = new ProvenDomains(store);
        this.log = log;
    }

    @Override
    Optional<ReportingConfig.Author> author() {
        return config.get().dmarc();
    }

    @Override
    List<ReportStore.Due> due(LocalDate end) throws IOException {
        return store.due(end);
    }

    @Override
    void done(ReportStore.Due due, Instant now, String outcome) throws IOException {
        store.done(due, now, outcome);
    }

    @Override
    String outcome(ReportStore.Due due, ReportingConfig.Author author, boolean eager, Instant now) throws IOException {
        ReportingConfig.DmarcReaders readers = config.get().dmarcTo();
        List<ReportStore.Observed> seen = store.observed(due.day(), due.domain());
        // Before anybody is asked: the servers of a domain that is not worth a report hear nothing of us.
        if (!proven.isProven(due, seen) && readers.proven()) {
            return UNPROVEN;
        }
        if (store.handedOver(
                        ReportStore.Kind.DMARC,
                        LocalDate.ofInstant(now, ZoneOffset.UTC)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant())
                >= readers.maxPerDay()) {
            return "over-limit";
        }
        Destinations.Found found = destinations.get().of(due.domain(), RecordText.uris(due.policy()));
        found.refused()
                .forEach(reason -> log.warning(
                        "reports", "", "report-destination-refused", "domain", due.domain(), "reason", reason));
        if (found.takers().isEmpty()) {
            return found.unsure() ? DEFERRED : UNWANTED;
        }
        List<ReportRecord> records = new ArrayList<>();
        for (ReportStore.Observed observed : seen) {
            if (records.size() < AggregateReportParser.MAX_RECORDS) {
                records.add(RecordText.record(observed.record(), observed.count()));
            }
        }
        if (records.isEmpty()) {
            return "empty";
        }
        AggregateReport report = report(due, author, records, now);
        byte[] xml = AggregateReportWriter.write(report);
        Map<String, ReportDelivery.Way> ways = new LinkedHashMap<>();
        for (ReportUri taker : found.takers()) {
            ways.put(taker.address().toString(), () -> mail(due, report, author.from(), taker, xml, now));
        }
        return delivery.go(
                new ReportDelivery.Report(ReportStore.Kind.DMARC, due.day(), due.domain()),
                ways,
                found.unsure(),
                eager,
                now);
    }

    private boolean mail(
            ReportStore.Due due, AggregateReport report, Address from, ReportUri taker, byte[] xml, Instant now)
            throws IOException {
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
            return false;
        }
        post.send(mail, from, taker.address(), now);
        return true;
    }

    private AggregateReport report(
            ReportStore.Due due, ReportingConfig.Author author, List<ReportRecord> records, Instant now) {
        Instant begin = due.day().atStartOfDay(ZoneOffset.UTC).toInstant();
        return new AggregateReport(
                new AggregateReport.Metadata(
                        author.organization(),
                        author.from().toString(),
                        author.contact(),
                        // RFC 9990 3.5.1: unique, and the same when it has to be sent again
                        due.day().toString().replace("-", "") + "." + due.domain() + "@"
                                + author.from().domain(),
                        begin,
                        Reporter.lastSecond(due.day(), now),
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
}
