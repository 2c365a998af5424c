package org.posthorn.reporting;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.protocol.tlsrpt.TlsReport;
import org.posthorn.protocol.tlsrpt.TlsReportingRecord;
import org.posthorn.protocol.tlsrpt.TlsReports;

/**
 * Sends TLS reports (RFC 8460) to the domains that ask for them in DNS, by mail or HTTPS. What cannot be sent to a destination is tried
 * again until its day is a week past; who has the report does not get it again.
 */
final class TlsReporter extends DailyReporter<TlsSessionTable.Due> {
    private final Supplier<ReportingConfig> config;
    private final TlsSessionTable sessions;
    private final Supplier<Resolver> resolver;
    private final ReportMailer post;
    private final ReportDelivery delivery;
    private final MailLog log;

    TlsReporter(
            Supplier<ReportingConfig> config,
            ReportStore store,
            TlsSessionTable sessions,
            Supplier<Resolver> resolver,
            ReportMailer post,
            Metrics metrics,
            MailLog log) {
        super(
                "tls-report",
                metrics.counter("posthorn_tls_reports", "TLS reports about others by outcome", "outcome"),
                log);
        this.config = config;
        this.sessions = sessions;
        this.resolver = resolver;
        this.post = post;
        this.delivery = new ReportDelivery(store, log);
        this.log = log;
    }

    @Override
    Optional<ReportingConfig.Author> author() {
        return config.get().tls();
    }

    @Override
    List<TlsSessionTable.Due> due(LocalDate end) throws IOException {
        return sessions.due(end);
    }

    @Override
    void done(TlsSessionTable.Due due, Instant now, String outcome) throws IOException {
        sessions.done(due, now, outcome);
    }

    @Override
    String outcome(TlsSessionTable.Due due, ReportingConfig.Author author, boolean eager, Instant now)
            throws IOException {
        String name = "_smtp._tls." + due.domain();
        if (name.length() > 253) {
            return UNWANTED;
        }
        Answer<String> answer = resolver.get().txt(name);
        if (answer instanceof Answer.Failure<String>) {
            return DEFERRED;
        }
        Optional<TlsReportingRecord> record = TlsReportingRecord.among(answer.recordsOrNone());
        if (record.isEmpty()) {
            return UNWANTED;
        }
        TlsReport report = report(due, author, now);
        byte[] gzip = ReportMail.gzip(TlsReports.write(report));
        Map<String, ReportDelivery.Way> ways = new LinkedHashMap<>();
        for (String uri : record.get().uris()) {
            way(uri, due, report, author, gzip, now)
                    .ifPresentOrElse(
                            way -> ways.put(uri, way),
                            () -> log.warning(
                                    "reports",
                                    "",
                                    "report-destination-refused",
                                    "domain",
                                    due.domain(),
                                    "reason",
                                    uri + ": not a destination"));
        }
        return ways.isEmpty()
                ? UNWANTED
                : delivery.go(
                        new ReportDelivery.Report(ReportStore.Kind.TLS, due.day(), due.domain()),
                        ways,
                        false,
                        eager,
                        now);
    }

    private Optional<ReportDelivery.Way> way(
            String uri,
            TlsSessionTable.Due due,
            TlsReport report,
            ReportingConfig.Author author,
            byte[] gzip,
            Instant now) {
        if (!uri.toLowerCase(Locale.ROOT).startsWith("https:")) {
            return ReportUri.parse(uri).map(taker -> () -> {
                post.send(
                        ReportMail.tls(subject(due, report, author), taker.address(), gzip, now),
                        author.from(),
                        taker.address(),
                        now);
                return true;
            });
        }
        try {
            ReportUpload upload = ReportUpload.to(URI.create(uri), config.get().tlsToPrivate());
            return Optional.of(() -> {
                upload.send(resolver.get(), gzip);
                log.info("reports", "", "report-uploaded", "to", uri, "domain", due.domain());
                return true;
            });
        } catch (IllegalArgumentException notAllowed) {
            return Optional.empty();
        }
    }

    private TlsReport report(TlsSessionTable.Due due, ReportingConfig.Author author, Instant now) throws IOException {
        return new TlsReport(
                author.organization(),
                due.day().atStartOfDay(ZoneOffset.UTC).toInstant(),
                Reporter.lastSecond(due.day(), now),
                author.contact().orElse(author.from().toString()),
                // the same when it has to be sent again
                due.day().toString().replace("-", "") + "." + due.domain() + ".tls@"
                        + author.from().domain(),
                TlsSessionText.results(due.domain(), sessions.rows(due)));
    }

    private static ReportMail.Subject subject(
            TlsSessionTable.Due due, TlsReport report, ReportingConfig.Author author) {
        return new ReportMail.Subject(
                report.id(),
                due.domain(),
                due.day(),
                author.from(),
                report.organization(),
                List.of(
                        "This is a report about TLS at the mail servers of " + due.domain() + ",",
                        "as " + author.from().domain() + " met it when it sent mail on " + due.day() + " (UTC).",
                        "",
                        "You get it because the TXT record at _smtp._tls." + due.domain() + " asks for it."));
    }
}
