package org.posthorn.reporting;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Sends one kind of reports to others. Thread-safe. */
interface Reporter {
    /**
     * Sends what is due.
     *
     * @param day only the reports about this day, which may be today: then they end now; empty: all about days that are over
     * @param eager also what failed a short while ago
     * @return what became of each report, a line each
     * @throws IOException the store does not work, and nobody knows what is due
     */
    List<String> send(Instant now, Optional<LocalDate> day, boolean eager) throws IOException;

    /** The first day about which no report is due. */
    static LocalDate end(Instant now, Optional<LocalDate> day) {
        return day.map(chosen -> chosen.plusDays(1)).orElseGet(() -> LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    /** The last second that a report about this day covers: of the day, or of the time so far. */
    static Instant lastSecond(LocalDate day, Instant now) {
        Instant last = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(1);
        return now.isBefore(last) ? Instant.ofEpochSecond(now.getEpochSecond()) : last;
    }
}
