package org.posthorn.protocol.arf;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.mail.HeaderDate;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mail.mime.PartContent;

/** Reads feedback reports. */
public final class FeedbackReportParser {
    private static final int MAX_FIELDS = 64 << 10;
    private static final int MAX_VALUES = 100;
    private static final int MAX_VALUE = 1_000;

    private final Headers fields;

    private FeedbackReportParser(Headers fields) {
        this.fields = fields;
    }

    /**
     * Reads the report that a message is; throws {@link FeedbackSyntaxException} when it is none.
     *
     * @throws IOException the message cannot be read
     */
    public static FeedbackReport parse(MessageContent message) throws IOException {
        MimePart root = MimeStructure.parse(message);
        // multipart/report as RFC 5965 2 wants it, but on the way through other software that may have become
        // multipart/mixed
        MimePart part = find(root, "message", "feedback-report")
                .orElseThrow(() -> new FeedbackSyntaxException("no part message/feedback-report"));
        return new FeedbackReportParser(Headers.parse(start(message, part))).report(original(message, root));
    }

    private static Optional<MimePart> find(MimePart root, String type, String subtype) {
        return root.children().stream()
                .filter(part -> part.type().is(type, subtype))
                .findFirst();
    }

    private static byte[] start(MessageContent message, MimePart part) throws IOException {
        try (InputStream in = PartContent.bytes(message, part)) {
            byte[] bytes = in.readNBytes(MAX_FIELDS);
            // some leave an empty line before the fields
            int from = 0;
            while (from < bytes.length && (bytes[from] == '\r' || bytes[from] == '\n')) {
                from++;
            }
            return from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length);
        }
    }

    private static Optional<Headers> original(MessageContent message, MimePart root) throws IOException {
        Optional<MimePart> part = find(root, "message", "rfc822")
                .or(() -> find(root, "message", "global"))
                .or(() -> find(root, "text", "rfc822-headers"));
        return part.isEmpty() ? Optional.empty() : Optional.of(Headers.parse(start(message, part.get())));
    }

    private FeedbackReport report(Optional<Headers> original) {
        String type = text("Feedback-Type")
                .orElseThrow(() -> new FeedbackSyntaxException("the report has no Feedback-Type"))
                .toLowerCase(Locale.ROOT);
        return new FeedbackReport(
                // RFC 5965 7.3: types that are not known are other
                Stream.of(FeedbackReport.Type.values())
                        .filter(known -> known.word().equals(type))
                        .findFirst()
                        .orElse(FeedbackReport.Type.OTHER),
                text("User-Agent").orElse(""),
                texts("Authentication-Results"),
                text("Incidents")
                        .filter(digits -> digits.matches("[0-9]{1,9}"))
                        .map(Long::valueOf)
                        .filter(n -> n > 0)
                        .orElse(1L),
                text("Original-Envelope-Id"),
                text("Original-Mail-From"),
                texts("Original-Rcpt-To"),
                date("Arrival-Date").or(() -> date("Received-Date")),
                text("Reporting-MTA").map(FeedbackReportParser::withoutType),
                text("Source-IP").flatMap(FeedbackReportParser::address),
                texts("Reported-Domain"),
                texts("Reported-URI"),
                text("Auth-Failure").flatMap(FeedbackReportParser::failure),
                text("Delivery-Result"),
                text("Identity-Alignment"),
                text("DKIM-Domain"),
                text("DKIM-Selector"),
                text("DKIM-Identity"),
                text("SPF-DNS"),
                original);
    }

    private Optional<String> text(String name) {
        return texts(name).stream().findFirst();
    }

    private List<String> texts(String name) {
        return fields.all(name).stream()
                .map(field -> field.value().strip())
                .map(value -> value.substring(0, Math.min(MAX_VALUE, value.length())))
                .filter(value -> !value.isEmpty())
                .limit(MAX_VALUES)
                .toList();
    }

    private Optional<Instant> date(String name) {
        return text(name).flatMap(HeaderDate::parse).map(OffsetDateTime::toInstant);
    }

    /** Such as {@code dns; mail.example.com}. */
    private static String withoutType(String value) {
        return value.substring(value.indexOf(';') + 1).strip();
    }

    /** An address, after which OpenDMARC writes a name in parentheses. */
    private static Optional<InetAddress> address(String value) {
        String literal = value.split("[ (]", 2)[0];
        try {
            return literal.length() <= 45 ? Optional.of(InetAddress.ofLiteral(literal)) : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private static Optional<FeedbackReport.AuthFailure> failure(String value) {
        return Stream.of(FeedbackReport.AuthFailure.values())
                .filter(known -> known.word().equalsIgnoreCase(value))
                .findFirst();
    }
}
