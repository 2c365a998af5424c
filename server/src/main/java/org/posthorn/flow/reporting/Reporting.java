package org.posthorn.flow.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.DeliveryAgent;

/** All of reporting, for the running server. Thread-safe; takes part once {@link #start} was called. */
public final class Reporting implements Closeable {
    private final ReportStore store;
    private final Supplier<ReportingConfig> config;
    private final DmarcCollector collector;
    private final ReportReader reader;
    private final InstantSource clock;
    private final Metrics metrics;
    private final MailLog log;
    private Optional<DmarcReporter> reporter = Optional.empty();
    private Optional<ReportInbox> inbox = Optional.empty();

    private Reporting(
            ReportStore store, Supplier<ReportingConfig> config, InstantSource clock, Metrics metrics, MailLog log) {
        this.store = store;
        this.config = config;
        this.collector = new DmarcCollector(store, metrics, log);
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
    public void start(ReportPost post, Supplier<Resolver> resolver, Function<Domain, Optional<String>> organization) {
        DmarcReporter made = new DmarcReporter(
                config,
                store,
                () -> new Destinations(resolver.get(), organization),
                post,
                clock,
                RandomGenerator.getDefault(),
                metrics,
                log);
        reporter = Optional.of(made);
        collector.start();
        made.start();
    }

    /** Takes a judged message in, unless it goes to report mailboxes alone: reports about reports would never end. */
    public void observe(ObservedMail mail, Envelope envelope) {
        Set<Address> mailboxes = config.get().mailboxes();
        if (!envelope.recipients().stream().map(Address::canonical).allMatch(mailboxes::contains)) {
            collector.observe(mail);
        }
    }

    /** The reports of others. */
    public ReportReader reader() {
        return reader;
    }

    /** Writes what was counted; what is due and not sent is sent after the next start. */
    @Override
    public void close() throws IOException {
        reporter.ifPresent(DmarcReporter::close);
        inbox.ifPresent(ReportInbox::close);
        collector.close();
        store.close();
    }
}
