package org.posthorn.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.arf.FeedbackReport;
import org.posthorn.protocol.arf.FeedbackReportParser;
import org.posthorn.protocol.arf.FeedbackSyntaxException;

/** Every message is a feedback report or is refused. */
public final class ArfFuzz {
    private ArfFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            FeedbackReport report = FeedbackReportParser.parse(MessageContent.of(input));
            if (report.incidents() < 1) {
                throw new IllegalStateException("a report about nothing");
            }
        } catch (FeedbackSyntaxException refused) {
            // with its reason
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
