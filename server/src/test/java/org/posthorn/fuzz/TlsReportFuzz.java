package org.posthorn.fuzz;

import org.posthorn.protocol.tlsrpt.TlsReport;
import org.posthorn.protocol.tlsrpt.TlsReportSyntaxException;
import org.posthorn.protocol.tlsrpt.TlsReports;

/** Every sequence of bytes is a TLS report or is refused; what was read can be written, and then says the same again. */
public final class TlsReportFuzz {
    private TlsReportFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        TlsReport report;
        try {
            report = TlsReports.parse(input);
        } catch (TlsReportSyntaxException refused) {
            return;
        }
        TlsReport again = TlsReports.parse(TlsReports.write(report));
        if (!again.id().equals(report.id())
                || again.policies().size() != report.policies().size()) {
            throw new IllegalStateException("written and read, the report is another");
        }
    }
}
