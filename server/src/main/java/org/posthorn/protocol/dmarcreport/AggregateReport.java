package org.posthorn.protocol.dmarcreport;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A DMARC aggregate report: what one receiver saw of one policy domain's mail in a stretch of time (RFC 9990 3.1.1).
 *
 * @param records at least one in a report to be sent; a received one may have none
 */
public record AggregateReport(Metadata metadata, PublishedPolicy policy, List<ReportRecord> records) {
    public AggregateReport {
        records = List.copyOf(records);
    }

    /**
     * Who reports, and about when (RFC 9990 3.1.1.3). Texts of received reports are anything.
     *
     * @param organization the reporter's name; "" where it gave none
     * @param id unique among this reporter's reports (RFC 9990 3.5.1)
     * @param begin first second of the period
     * @param end last second of the period
     * @param errors what went wrong with the policy record
     */
    public record Metadata(
            String organization,
            String email,
            Optional<String> extraContact,
            String id,
            Instant begin,
            Instant end,
            List<String> errors,
            Optional<String> generator) {
        public Metadata {
            errors = List.copyOf(errors);
        }
    }

    /** The messages of all records. */
    public long messages() {
        return records.stream().mapToLong(ReportRecord::count).sum();
    }
}
