package org.posthorn.queue.spool;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.posthorn.queue.QueueId;

/**
 * Gives out queue ids: 11 digits to the base 36, made of the time in units of 1/32 microsecond, always above the last one.
 * The last one is kept in the log, so a clock that was set back across a restart does no harm. Good until 2100. Thread-safe.
 */
final class QueueIds {
    private static final int DIGITS = 11;

    private final InstantSource clock;
    private final AtomicLong last;

    /** Goes on above a number that was given out before. */
    QueueIds(InstantSource clock, long last) {
        this.clock = clock;
        this.last = new AtomicLong(last);
    }

    QueueId next() {
        Instant now = clock.instant();
        long ticks = (now.getEpochSecond() * 1_000_000 + now.getNano() / 1000) * 32;
        return of(last.updateAndGet(before -> Math.max(before + 1, ticks)));
    }

    /** From now on only numbers above this one are given out. */
    void raise(long floor) {
        last.accumulateAndGet(floor, Math::max);
    }

    long last() {
        return last.get();
    }

    static QueueId of(long number) {
        String digits = Long.toString(number, 36).toUpperCase(Locale.ROOT);
        return new QueueId("0".repeat(Math.max(0, DIGITS - digits.length())) + digits);
    }

    /** The number behind an id; 0 when it is not one of ours. */
    static long number(QueueId id) {
        return id.text().length() == DIGITS ? Long.parseLong(id.text(), 36) : 0;
    }
}
