package org.posthorn.reporting;

import java.time.Instant;
import java.util.List;
import org.posthorn.protocol.dmarcreport.PublishedPolicy;
import org.posthorn.protocol.dmarcreport.ReportRecord;

/**
 * One message as its policy domain may want to hear of it.
 *
 * @param reportUris the rua tag's URIs in order, as they stand there; none: nobody wants to hear of it
 * @param record what it was and what became of it; its count is 1
 */
public record ObservedMail(Instant when, PublishedPolicy policy, List<String> reportUris, ReportRecord record) {
    public ObservedMail {
        reportUris = List.copyOf(reportUris);
    }
}
