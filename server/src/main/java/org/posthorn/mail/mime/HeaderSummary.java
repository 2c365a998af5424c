package org.posthorn.mail.mime;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.Headers;

/**
 * What a message's header says of it, as IMAP's ENVELOPE has it (RFC 3501 7.4.2). Texts are unfolded, with their octets (one
 * char for each) and encoded words as they stand there.
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

    /** Of a header by itself. */
    public static HeaderSummary of(Headers headers) {
        return of(headers, new TextAllowance());
    }

    /** Reads the fields of a header; of a field that is there twice, the first counts, but address lists are joined; what the allowance has no room for is left out. */
    static HeaderSummary of(Headers headers, TextAllowance allowance) {
        Optional<String> date = text(headers, "Date", allowance);
        Optional<String> subject = text(headers, "Subject", allowance);
        Optional<String> inReplyTo = text(headers, "In-Reply-To", allowance);
        Optional<String> messageId = text(headers, "Message-ID", allowance);
        List<HeaderAddress> from = addresses(headers, "From", allowance);
        List<HeaderAddress> sender = addresses(headers, "Sender", allowance);
        List<HeaderAddress> replyTo = addresses(headers, "Reply-To", allowance);
        return new HeaderSummary(
                date,
                subject,
                from,
                sender.isEmpty() ? from : sender,
                replyTo.isEmpty() ? from : replyTo,
                addresses(headers, "To", allowance),
                addresses(headers, "Cc", allowance),
                addresses(headers, "Bcc", allowance),
                inReplyTo,
                messageId);
    }

    /** See {@link MimePart#weight}. */
    public long weight() {
        long sum = 0;
        for (Optional<String> text : List.of(date, subject, inReplyTo, messageId)) {
            sum += 2L * text.orElse("").length();
        }
        for (List<HeaderAddress> list : List.of(from, sender, replyTo, to, cc, bcc)) {
            for (HeaderAddress.Mailbox mailbox : HeaderAddress.mailboxes(list)) {
                sum += 192
                        + 2L
                                * (mailbox.name().orElse("").length()
                                        + mailbox.localPart().length())
                        + 2L
                                * (mailbox.route().orElse("").length()
                                        + mailbox.domain().length());
            }
            sum += 128L * list.size();
        }
        return sum;
    }

    private static Optional<String> text(Headers headers, String name, TextAllowance allowance) {
        return allowance.keep(headers.first(name).map(FieldView::octets));
    }

    private static List<HeaderAddress> addresses(Headers headers, String name, TextAllowance allowance) {
        List<FieldView> fields = headers.all(name);
        return switch (fields.size()) {
            case 0 -> List.of();
            case 1 -> allowance.keep(HeaderAddress.parseList(fields.getFirst().octets()));
            default ->
                fields.stream()
                        .flatMap(field -> allowance.keep(HeaderAddress.parseList(field.octets())).stream())
                        .limit(HeaderAddress.MAX_ENTRIES)
                        .toList();
        };
    }
}
