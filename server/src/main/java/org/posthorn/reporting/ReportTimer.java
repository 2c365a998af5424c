package org.posthorn.reporting;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.posthorn.log.MailLog;

/**
 * Has the reports sent about the days that are over. It looks every quarter of an hour, but not in the first hours of a day (UTC)
 * before a time that is drawn for each day, so that receivers do not get everybody's reports at midnight.
 */
final class ReportTimer implements Closeable {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(15);
    /** RFC 8460 4.1 suggests up to four hours. */
    static final int SPREAD_MINUTES = 180;

    /** Something to do at a time. */
    interface Chore {
        void run(Instant now) throws IOException;
    }

    private final Chore clearing;
    private final List<Reporter> reporters;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final MailLog log;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("reporter").factory());
    private volatile Optional<ScheduledFuture<?>> loop = Optional.empty();
    private LocalDate drawnFor = LocalDate.MIN;
    private int notBefore;

    /** @param clearing done before reports are sent: what is too old is not reported any more */
    ReportTimer(Chore clearing, List<Reporter> reporters, InstantSource clock, RandomGenerator random, MailLog log) {
        this.clearing = clearing;
        this.reporters = List.copyOf(reporters);
        this.clock = clock;
        this.random = random;
        this.log = log;
    }

    void start() {
        loop = Optional.of(timer.scheduleWithFixedDelay(this::look, 1, LOOK_EVERY.toMinutes(), TimeUnit.MINUTES));
    }

    /** False where nothing is sent any more though nobody closed it. */
    boolean alive() {
        return timer.isShutdown() || loop.stream().noneMatch(ScheduledFuture::isDone);
    }

    /** Sends what is due, unless it is too early in the day. */
    void look() {
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
        attempt(clearing, now);
        for (Reporter reporter : reporters) {
            attempt(time -> reporter.send(time, Optional.empty(), false), now);
        }
    }

    private void attempt(Chore chore, Instant now) {
        try {
            chore.run(now);
        } catch (IOException | RuntimeException | Error e) {
            log.failure(MailLog.Level.ERROR, "reports", "", "reporting-failed", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        timer.close();
    }
}
