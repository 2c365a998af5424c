package org.posthorn.fuzz;

import org.posthorn.protocol.dmarcreport.AggregateReport;
import org.posthorn.protocol.dmarcreport.AggregateReportParser;
import org.posthorn.protocol.dmarcreport.AggregateReportWriter;
import org.posthorn.protocol.dmarcreport.ReportSyntaxException;

/** Every sequence of bytes is an aggregate report or is refused; what was read can be written, and then says the same again. */
public final class DmarcReportFuzz {
    private DmarcReportFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        AggregateReport report;
        try {
            report = AggregateReportParser.parse(input);
        } catch (ReportSyntaxException refused) {
            return;
        }
        if (!report.records().isEmpty()) {
            AggregateReport again = AggregateReportParser.parse(AggregateReportWriter.write(report));
            if (again.messages() != report.messages()
                    || again.records().size() != report.records().size()
                    || !again.metadata().id().equals(report.metadata().id())) {
                throw new IllegalStateException("written and read, the report is another");
            }
        }
    }
}
