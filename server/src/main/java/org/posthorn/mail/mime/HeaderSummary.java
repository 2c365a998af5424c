package org.posthorn.mail.mime;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.Headers;

/**
 * What a message's header says of it, as IMAP's ENVELOPE has it (RFC 3501 7.4.2). Texts are unfolded, with their encoded words as
 * they stand there.
 *
 * @param sender the From addresses where there is no Sender
 * @param replyTo the From addresses where there is no Reply-To
 */
public record HeaderSummary(
        Optional<String> date,
        Optional<String> subject,
        List<HeaderAddress> from,
        List<HeaderAddress> sender,
        List<HeaderAddress> replyTo,
        List<HeaderAddress> to,
        List<HeaderAddress> cc,
        List<HeaderAddress> bcc,
        Optional<String> inReplyTo,
        Optional<String> messageId) {
    public HeaderSummary {
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
    }

    /** Reads the fields of a header; of a field that is there twice, the first counts, but address lists are joined. */
    public static HeaderSummary of(Headers headers) {
        List<HeaderAddress> from = addresses(headers, "From");
        List<HeaderAddress> sender = addresses(headers, "Sender");
        List<HeaderAddress> replyTo = addresses(headers, "Reply-To");
        return new HeaderSummary(
                text(headers, "Date"),
                text(headers, "Subject"),
                from,
                sender.isEmpty() ? from : sender,
                replyTo.isEmpty() ? from : replyTo,
                addresses(headers, "To"),
                addresses(headers, "Cc"),
                addresses(headers, "Bcc"),
                text(headers, "In-Reply-To"),
                text(headers, "Message-ID"));
    }

    private static Optional<String> text(Headers headers, String name) {
        return headers.value(name);
    }

    private static List<HeaderAddress> addresses(Headers headers, String name) {
        List<FieldView> fields = headers.all(name);
        return switch (fields.size()) {
            case 0 -> List.of();
            case 1 -> HeaderAddress.parseList(fields.getFirst().value());
            default ->
                fields.stream()
                        .flatMap(field -> HeaderAddress.parseList(field.value()).stream())
                        .limit(HeaderAddress.MAX_ENTRIES)
                        .toList();
        };
    }
}
