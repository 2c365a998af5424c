package org.posthorn.reporting;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.posthorn.log.Counter;
import org.posthorn.log.Metrics;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.arf.FeedbackReport;
import org.posthorn.protocol.arf.FeedbackReportParser;
import org.posthorn.protocol.arf.FeedbackSyntaxException;
import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AggregateReportParser;
import org.posthorn.protocol.dmarcreport.ReportSyntaxException;
import org.posthorn.protocol.reportmail.ReportAttachments;
import org.posthorn.protocol.reportmail.ReportDocument;
import org.posthorn.protocol.reportmail.Unpacker;
import org.posthorn.protocol.reportmail.UnreadableAttachmentException;
import org.posthorn.protocol.tlsrpt.TlsReport;
import org.posthorn.protocol.tlsrpt.TlsReportSyntaxException;
import org.posthorn.protocol.tlsrpt.TlsReports;

/** Reads reports of others and puts them into the store. Thread-safe. */
public final class ReportReader {
    /** Octets of a file, as those of an attachment. */
    public static final int MAX_FILE = Unpacker.MAX_PACKED;

    private final ReportStore store;
    private final InstantSource clock;
    private final Counter counter;

    ReportReader(ReportStore store, InstantSource clock, Metrics metrics) {
        this.store = store;
        this.clock = clock;
        this.counter = metrics.counter("posthorn_reports_received", "Reports of others by outcome", "outcome");
    }

    /** What became of one report. */
    public sealed interface Outcome {
        /** It is in the store now. */
        record Stored(String report) implements Outcome {}

        /** It was there before. */
        record Known(String report) implements Outcome {}

        /** A report about a single message, which is not stored: what it says is here. */
        record Single(String report) implements Outcome {}

        /** It cannot be read. */
        record Refused(String reason) implements Outcome {}
    }

    /**
     * Takes the reports in a mail.
     *
     * @return an outcome for each, or one refusal where there is none
     * @throws IOException the mail cannot be read or the store cannot be written
     */
    public List<Outcome> mail(MessageContent message) throws IOException {
        try {
            List<ReportDocument> documents = ReportAttachments.of(message);
            return counted(documents.isEmpty() ? List.of(single(message)) : take(documents));
        } catch (UnreadableAttachmentException e) {
            return counted(List.of(refused(e)));
        }
    }

    /** Takes the reports in a file of at most {@link #MAX_FILE} octets: a mail, or what is attached to one. */
    public List<Outcome> file(byte[] bytes) throws IOException {
        try {
            List<ReportDocument> documents = Unpacker.unpack(bytes);
            return documents.isEmpty() ? mail(MessageContent.of(bytes)) : counted(take(documents));
        } catch (UnreadableAttachmentException e) {
            return counted(List.of(refused(e)));
        }
    }

    private List<Outcome> counted(List<Outcome> outcomes) {
        outcomes.forEach(outcome -> counter.increment(
                switch (outcome) {
                    case Outcome.Stored _ -> "stored";
                    case Outcome.Known _ -> "known";
                    case Outcome.Single _ -> "single";
                    case Outcome.Refused _ -> "refused";
                }));
        return outcomes;
    }

    private static Outcome refused(RuntimeException e) {
        return new Outcome.Refused(String.valueOf(e.getMessage()));
    }

    private static Outcome single(MessageContent message) throws IOException {
        try {
            FeedbackReport report = FeedbackReportParser.parse(message);
            return new Outcome.Single(report.type().word() + " report about "
                    + String.join(", ", report.reportedDomains())
                    + report.source()
                            .map(source -> " from " + source.getHostAddress())
                            .orElse("")
                    + report.authFailure()
                            .map(failure -> ": " + failure.word() + " failed")
                            .orElse(""));
        } catch (FeedbackSyntaxException e) {
            return new Outcome.Refused("no report in it: neither an attachment of DMARC or TLS, nor a feedback report");
        }
    }

    private List<Outcome> take(List<ReportDocument> documents) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (ReportDocument document : documents) {
            try {
                outcomes.add(
                        switch (document.format()) {
                            case XML -> dmarc(document.bytes());
                            case JSON -> tls(document.bytes());
                        });
            } catch (ReportSyntaxException | TlsReportSyntaxException e) {
                outcomes.add(refused(e));
            }
        }
        return outcomes;
    }

    private Outcome dmarc(byte[] xml) throws IOException {
        AggregateReport report = AggregateReportParser.parse(xml);
        return save(new ReportStore.Received(
                ReportStore.Kind.DMARC,
                report.metadata().organization(),
                report.metadata().id(),
                report.policy().domain(),
                report.metadata().begin(),
                report.metadata().end(),
                clock.instant(),
                ReportMail.gzip(xml)));
    }

    private Outcome tls(byte[] json) throws IOException {
        TlsReport report = TlsReports.parse(json);
        // as a rule a report is about one domain; whose others it is about too shows when it is read
        String domain = report.policies().stream()
                .map(TlsReport.PolicyResult::domain)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
        return save(new ReportStore.Received(
                ReportStore.Kind.TLS,
                report.organization(),
                report.id(),
                domain,
                report.begin(),
                report.end(),
                clock.instant(),
                ReportMail.gzip(json)));
    }

    private Outcome save(ReportStore.Received received) throws IOException {
        String name = received.kind() + " report " + received.id() + " of " + received.organization() + " about "
                + received.domain();
        return store.save(received) ? new Outcome.Stored(name) : new Outcome.Known(name);
    }

    /** The DMARC reports in the store, newest first; read one by one as the stream goes on. */
    public Stream<AggregateReport> dmarc(Optional<String> domain, Instant after, int limit) throws IOException {
        return documents(ReportStore.Kind.DMARC, domain, after, limit).map(AggregateReportParser::parse);
    }

    /** The TLS reports in the store, newest first; read one by one as the stream goes on. */
    public Stream<TlsReport> tls(Optional<String> domain, Instant after, int limit) throws IOException {
        return documents(ReportStore.Kind.TLS, domain, after, limit).map(TlsReports::parse);
    }

    private Stream<byte[]> documents(ReportStore.Kind kind, Optional<String> domain, Instant after, int limit)
            throws IOException {
        return store.received(kind, domain, after, limit).stream()
                .map(this::document)
                .flatMap(Optional::stream);
    }

    private Optional<byte[]> document(long row) {
        try {
            Optional<byte[]> packed = store.document(row);
            if (packed.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.get()))) {
                return Optional.of(in.readNBytes(Unpacker.MAX_UNPACKED));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
