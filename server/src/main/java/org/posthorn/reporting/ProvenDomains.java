package org.posthorn.reporting;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.posthorn.protocol.dmarcreport.ReportRecord;
import org.posthorn.storage.Sqlite;

/**
 * Knows the policy domains of which mail has passed and was taken lately: those are worth a report, also about a day on which all was
 * forged. Of what never passes, or went to Junk, nobody knows whom the address for its reports belongs to. Thread-safe.
 */
final class ProvenDomains {
    /** How many days a domain counts as one whose mail passes, after the last that did. */
    static final int DAYS = 30;

    private final ReportStore store;

    ProvenDomains(ReportStore store) {
        this.store = store;
    }

    /** Whether the domain of a report is worth it, by what was seen on its day, which is remembered, and in the days before. */
    boolean isProven(ReportStore.Due due, List<ReportStore.Observed> seen) throws IOException {
        for (ReportStore.Observed observed : seen) {
            if (isTakenAndPasses(RecordText.record(observed.record(), observed.count()))) {
                remember(due.domain(), due.day());
                return true;
            }
        }
        return !store.run(connection -> Sqlite.query(
                        connection,
                        "SELECT 1 FROM proven WHERE domain = ? AND day >= ?",
                        row -> row.getInt(1),
                        due.domain(),
                        due.day().minusDays(DAYS).toEpochDay()))
                .isEmpty();
    }

    private void remember(String domain, LocalDate day) throws IOException {
        store.run(connection -> Sqlite.update(
                connection,
                "INSERT INTO proven VALUES (?, ?) ON CONFLICT DO UPDATE SET day = max(day, excluded.day)",
                domain,
                day.toEpochDay()));
    }

    private static boolean isTakenAndPasses(ReportRecord record) {
        return (record.dkimAligned() || record.spfAligned())
                && switch (record.disposition()) {
                    case NONE, PASS -> true;
                    case QUARANTINE, REJECT -> false;
                };
    }
}
