package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.protocol.dmarc.DmarcRecord;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.protocol.dmarc.ReportAddress;

/** Any text is a record or none; one without a valid policy is never strict. */
public final class DmarcRecordFuzz {
    private DmarcRecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        check(DmarcRecord.parse(text));
        check(DmarcRecord.parse("v=DMARC1;" + text));
    }

    private static void check(Optional<DmarcRecord> parsed) {
        parsed.ifPresent(record -> {
            record.aggregateReports().forEach(ReportAddress::mailbox);
            if (!record.usable() && record.policy() != Policy.NONE) {
                throw new IllegalStateException("a policy without a valid record");
            }
        });
    }
}
