package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.posthorn.protocol.tlsrpt.TlsReportingRecord;

/** Every text is a record or none; what is taken for a URI has one of the two schemes and nothing that breaks a line. */
public final class TlsReportingRecordFuzz {
    private TlsReportingRecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        for (String candidate : List.of(text, "v=TLSRPTv1; rua=" + text, "v=TLSRPTv1;" + text)) {
            TlsReportingRecord.among(List.of(candidate))
                    .ifPresent(record -> record.uris().forEach(uri -> {
                        if (!uri.matches("(?i:mailto|https):[!-~]+")) {
                            throw new IllegalStateException("not a URI of a report: " + uri);
                        }
                    }));
        }
    }
}
