package org.posthorn.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.posthorn.delivery.remote.TlsSessions;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.storage.DataFormat;

/** All of reporting, for the running server. Thread-safe; takes part once {@link #start} was called. */
public final class Reporting implements TlsSessions, Closeable {
    /** Of the file of reports. */
    public static final DataFormat FORMAT = new DataFormat("reports", 1, 1);

    private final ReportStore store;
    private final Supplier<ReportingConfig> config;
    private final DmarcCollector collector;
    private final TlsSessionTable sessions;
    private final TlsCollector tlsCollector;
    private final ReportReader reader;
    private final InstantSource clock;
    private final Metrics metrics;
    private final MailLog log;
    private volatile Map<ReportStore.Kind, Reporter> reporters = Map.of();
    private Optional<ReportTimer> timer = Optional.empty();
    private Optional<ReportInbox> inbox = Optional.empty();

    private Reporting(
            ReportStore store, Supplier<ReportingConfig> config, InstantSource clock, Metrics metrics, MailLog log) {
        this.store = store;
        this.config = config;
        this.collector = new DmarcCollector(store, metrics, log);
        this.sessions = new TlsSessionTable(store);
        this.tlsCollector = new TlsCollector(sessions, metrics, log);
        this.reader = new ReportReader(store, clock, metrics);
        this.clock = clock;
        this.metrics = metrics;
        this.log = log;
    }

    /** Opens the store; {@code config} is asked whenever something is to be done. */
    public static Reporting open(
            Path file, Supplier<ReportingConfig> config, InstantSource clock, Metrics metrics, MailLog log)
            throws IOException {
        return new Reporting(ReportStore.open(file), config, clock, metrics, log);
    }

    /** Local delivery that reads reports as well. To be called once. */
    public DeliveryAgent reading(DeliveryAgent local) {
        ReportInbox made = new ReportInbox(local, config, reader, metrics, log);
        inbox = Optional.of(made);
        return made;
    }

    /**
     * Begins to count and to send.
     *
     * @param organization the organizational domain of a domain; empty where it cannot be found
     */
    public void start(ReportMailer post, Supplier<Resolver> resolver, Function<Domain, Optional<String>> organization) {
        DmarcReporter dmarc = new DmarcReporter(
                config, store, () -> new Destinations(resolver.get(), organization), post, metrics, log);
        TlsReporter tls = new TlsReporter(config, store, sessions, resolver, post, metrics, log);
        reporters = Map.of(ReportStore.Kind.DMARC, dmarc, ReportStore.Kind.TLS, tls);
        ReportTimer made = new ReportTimer(
                now -> store.forgetOld(now, config.get().keep()),
                List.of(dmarc, tls),
                clock,
                RandomGenerator.getDefault(),
                log);
        timer = Optional.of(made);
        collector.start();
        tlsCollector.start();
        made.start();
    }

    /**
     * Sends reports now.
     *
     * @param kind {@code dmarc} or {@code tls}
     * @param day only those about this day, up to now where it is today; empty: all that are due
     * @return a line for each report
     * @throws IOException they cannot be sent, and why; for people
     */
    public List<String> send(String kind, Optional<LocalDate> day) throws IOException {
        boolean dmarc = kind.equals("dmarc");
        if (!dmarc && !kind.equals("tls")) {
            throw new IOException("which reports: dmarc or tls?");
        }
        if ((dmarc ? config.get().dmarc() : config.get().tls()).isEmpty()) {
            throw new IOException("reports." + kind + ".send is not switched on");
        }
        Instant now = clock.instant();
        if (day.isPresent() && day.get().isAfter(LocalDate.ofInstant(now, ZoneOffset.UTC))) {
            throw new IOException("that day has not come yet");
        }
        Reporter reporter = reporters.get(dmarc ? ReportStore.Kind.DMARC : ReportStore.Kind.TLS);
        if (reporter == null) {
            throw new IOException("reports are sent by the running server alone");
        }
        collector.flush();
        tlsCollector.flush();
        return reporter.send(now, day, true);
    }

    /** Counts a session with the servers of another domain, if TLS reports are sent. */
    @Override
    public void ended(Session session) {
        if (config.get().tls().isPresent()) {
            tlsCollector.observe(session, clock.instant());
        }
    }

    /** Takes a judged message in, unless it goes to report mailboxes alone: reports about reports would never end. */
    public void observe(ObservedMail mail, Envelope envelope) {
        Set<Address> mailboxes = config.get().mailboxes();
        boolean aboutReports = !envelope.recipients().isEmpty()
                && envelope.addresses().stream().map(Address::canonical).allMatch(mailboxes::contains);
        if (!aboutReports) {
            collector.observe(mail);
        }
    }

    /** The reports of others. */
    public ReportReader reader() {
        return reader;
    }

    /** False where nothing is counted or sent any more, since a thread that does it has ended. */
    public boolean alive() {
        return collector.alive() && tlsCollector.alive() && timer.stream().allMatch(ReportTimer::alive);
    }

    /** Writes what was counted; what is due and not sent is sent after the next start. */
    @Override
    public void close() throws IOException {
        timer.ifPresent(ReportTimer::close);
        inbox.ifPresent(ReportInbox::close);
        collector.close();
        tlsCollector.close();
        store.close();
    }
}
