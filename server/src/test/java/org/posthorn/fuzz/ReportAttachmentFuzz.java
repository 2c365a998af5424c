package org.posthorn.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.reportmail.ReportAttachments;
import org.posthorn.protocol.reportmail.ReportDocument;
import org.posthorn.protocol.reportmail.Unpacker;
import org.posthorn.protocol.reportmail.UnreadableAttachmentException;

/** Every attachment unpacks within the limits or is refused; so does every message. */
public final class ReportAttachmentFuzz {
    private ReportAttachmentFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            check(Unpacker.unpack(input));
        } catch (UnreadableAttachmentException refused) {
            // with its reason
        }
        try {
            ReportAttachments.of(MessageContent.of(input));
        } catch (UnreadableAttachmentException refused) {
            // with its reason
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(List<ReportDocument> documents) {
        long octets = documents.stream()
                .mapToLong(document -> document.bytes().length)
                .sum();
        if (octets > Unpacker.MAX_UNPACKED) {
            throw new IllegalStateException(octets + " octets came out");
        }
    }
}
