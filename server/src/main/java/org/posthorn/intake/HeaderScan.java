package org.posthorn.intake;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.Headers;
import org.posthorn.protocol.smtp.SmtpReply;

/**
 * What is looked for in the header of every message.
 *
 * @param messageId with its angle brackets, at most {@value #KEPT} characters; "" where there is none
 * @param fault how to refuse the message on account of its header, if need be
 */
public record HeaderScan(String messageId, Optional<SmtpReply> fault) {
    /** RFC 5321 6.3: a server should allow at least 100 before it takes the message to be in a loop. */
    public static final int MAX_RECEIVED = 100;

    /** Octets of a whole header. */
    public static final int MAX_HEADER = 256 << 10;

    private static final int KEPT = 512;

    /** Of a header that exceeds {@link #MAX_HEADER} octets or {@link Headers#MAX_FIELDS} fields. */
    public static final HeaderScan TOO_LARGE =
            new HeaderScan("", Optional.of(SmtpReply.of(552, "5.3.4", "Message header too large")));

    /** Looks at the fields of a message. */
    public static HeaderScan of(HeaderScanner.Scanned header) {
        if (header.hasTooManyFields()) {
            return TOO_LARGE;
        }
        List<HeaderField> fields = header.fields();
        long received = fields.stream().filter(field -> field.is("Received")).count();
        String messageId = fields.stream()
                .filter(field -> field.is("Message-ID"))
                .findFirst()
                .map(HeaderField::unfolded)
                .orElse("");
        return new HeaderScan(
                messageId.substring(0, Math.min(KEPT, messageId.length())),
                received > MAX_RECEIVED ? Optional.of(SmtpReply.of(554, "5.4.6", "Too many hops")) : Optional.empty());
    }
}
