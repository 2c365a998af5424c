package org.posthorn.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.posthorn.json.JsonObject;
import org.posthorn.reporting.DmarcSummary;
import org.posthorn.reporting.ReportReader;
import org.posthorn.reporting.TlsSummary;

/** Administration of the reports of this process. Thread-safe; files are taken in one after the other, for the memory that they need. */
public final class LocalReportAdmin implements ReportAdmin {
    /** Sends reports of a kind ({@code dmarc}, {@code tls}), about one day or all that are due; a line for each. */
    @FunctionalInterface
    public interface Sending {
        List<String> send(String kind, Optional<LocalDate> day) throws IOException;
    }

    /** Reports that one answer takes in, the newest. */
    private static final int MAX_REPORTS = 5_000;

    private static final int MAX_DAYS = 3_650;

    private final ReportReader reader;
    private final Supplier<? extends Function<InetAddress, Optional<String>>> names;
    private final Sending sending;
    private final InstantSource clock;
    private final ReentrantLock taking = new ReentrantLock();

    /** @param names made for each answer: the name of an address, where it has one */
    public LocalReportAdmin(
            ReportReader reader,
            Supplier<? extends Function<InetAddress, Optional<String>>> names,
            Sending sending,
            InstantSource clock) {
        this.reader = reader;
        this.names = names;
        this.sending = sending;
        this.clock = clock;
    }

    /** Lets so many reports pass, and remembers that there were more. */
    private static final class Newest {
        private int count;

        <T> Stream<T> of(Stream<T> reports) {
            return reports.filter(_ -> ++count <= MAX_REPORTS);
        }

        boolean all() {
            return count <= MAX_REPORTS;
        }
    }

    private Instant after(Query query) throws AdminException {
        if (query.days() < 1 || query.days() > MAX_DAYS) {
            throw new AdminException(AdminException.Kind.INVALID, "days must be from 1 to " + MAX_DAYS);
        }
        return clock.instant().minus(Duration.ofDays(query.days()));
    }

    private DmarcSummary dmarc(Query query, Newest newest) throws AdminException, IOException {
        Instant after = after(query);
        try {
            return DmarcSummary.of(newest.of(reader.dmarc(query.domain(), after, MAX_REPORTS + 1)));
        } catch (UncheckedIOException e) {
            throw failed(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private TlsSummary tls(Query query, Newest newest) throws AdminException, IOException {
        Instant after = after(query);
        try {
            // a report may be about more domains than the one that it is filed under
            return TlsSummary.of(newest.of(reader.tls(Optional.empty(), after, MAX_REPORTS + 1)), query.domain());
        } catch (UncheckedIOException e) {
            throw failed(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void describe(Query query, Consumer<String> line) throws AdminException, IOException {
        Newest newest = new Newest();
        switch (query.kind()) {
            case DMARC -> dmarc(query, newest).lines(names.get()).forEach(line);
            case TLS -> tls(query, newest).lines().forEach(line);
        }
        if (!newest.all()) {
            line.accept("only the newest " + MAX_REPORTS + " reports were read; ask for fewer days, or one domain");
        }
    }

    @Override
    public boolean summarize(Query query, Consumer<JsonObject> domain) throws AdminException, IOException {
        Newest newest = new Newest();
        switch (query.kind()) {
            case DMARC -> dmarc(query, newest).forEachDomain(domain);
            case TLS -> tls(query, newest).forEachDomain(domain);
        }
        return newest.all();
    }

    @Override
    public List<Taken> take(InputStream file) throws AdminException, IOException {
        taking.lock();
        try {
            byte[] octets = file.readNBytes(ReportReader.MAX_FILE + 1);
            if (octets.length > ReportReader.MAX_FILE) {
                throw new AdminException(
                        AdminException.Kind.TOO_LARGE, "a report has at most " + ReportReader.MAX_FILE + " octets");
            }
            return stored(octets).stream().map(LocalReportAdmin::taken).toList();
        } finally {
            taking.unlock();
        }
    }

    private List<ReportReader.Outcome> stored(byte[] octets) throws AdminException {
        try {
            return reader.file(octets);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static AdminException failed(IOException cause) {
        return new AdminException(AdminException.Kind.FAILED, "the store of reports: " + cause.getMessage());
    }

    private static Taken taken(ReportReader.Outcome outcome) {
        return switch (outcome) {
            case ReportReader.Outcome.Stored(String report) -> new Taken(Taken.Outcome.STORED, report);
            case ReportReader.Outcome.Known(String report) -> new Taken(Taken.Outcome.KNOWN, report);
            case ReportReader.Outcome.Single(String report) -> new Taken(Taken.Outcome.SINGLE, report);
            case ReportReader.Outcome.Refused(String reason) -> new Taken(Taken.Outcome.REFUSED, reason);
        };
    }

    @Override
    public List<String> send(Kind kind, Optional<LocalDate> day) throws AdminException {
        try {
            return sending.send(kind.word(), day);
        } catch (IOException e) {
            throw new AdminException(AdminException.Kind.CONFLICT, String.valueOf(e.getMessage()));
        }
    }
}
