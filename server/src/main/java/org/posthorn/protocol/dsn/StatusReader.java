package org.posthorn.protocol.dsn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.Headers;
import org.posthorn.protocol.smtp.EnhancedStatus;

/** Reads the fields of message/delivery-status: a group about the message, then one for each recipient (RFC 3464 2.1). */
final class StatusReader {
    /** Recipients that are read. */
    static final int MAX_RECIPIENTS = 1_000;

    private static final int MAX_VALUE = 1_000;

    private StatusReader() {}

    static AutomaticMail.Bounce read(byte[] fields) {
        Optional<String> reportingMta = Optional.empty();
        List<AutomaticMail.Recipient> recipients = new ArrayList<>();
        for (Headers group : groups(fields)) {
            if (reportingMta.isEmpty()) {
                reportingMta = value(group, "Reporting-MTA").map(StatusReader::withoutType);
            }
            if (recipients.size() < MAX_RECIPIENTS) {
                recipient(group).ifPresent(recipients::add);
            }
        }
        return new AutomaticMail.Bounce(true, reportingMta, recipients);
    }

    /** Between empty lines; some write several of them, or none between the message's group and the first recipient's. */
    private static List<Headers> groups(byte[] fields) {
        List<Headers> groups = new ArrayList<>();
        int start = 0;
        while (start < fields.length && groups.size() <= MAX_RECIPIENTS) {
            int end = endOfGroup(fields, start);
            split(fields, start, end, groups);
            start = afterEmptyLines(fields, end);
        }
        return groups;
    }

    /** Large receivers have left out the empty line between recipients: who is named again is the next one. */
    private static void split(byte[] fields, int start, int end, List<Headers> groups) {
        int from = start;
        boolean last = false;
        boolean first = false;
        for (FieldView field : Headers.parse(fields, start, end)) {
            boolean names = field.is("Final-Recipient");
            boolean named = field.is("Original-Recipient");
            if ((names && last) || (named && first)) {
                groups.add(Headers.parse(fields, from, field.offset()));
                from = field.offset();
                last = false;
                first = false;
            }
            last |= names;
            first |= named;
        }
        Headers rest = Headers.parse(fields, from, end);
        if (rest.count() > 0) {
            groups.add(rest);
        }
    }

    /** Where the empty line after a group begins, or the end. */
    private static int endOfGroup(byte[] fields, int from) {
        int line = from;
        for (int i = from; i < fields.length; i++) {
            if (fields[i] == '\n') {
                boolean empty = i == line || (i == line + 1 && fields[line] == '\r');
                if (empty && line > from) {
                    return line;
                }
                line = i + 1;
            }
        }
        return fields.length;
    }

    private static int afterEmptyLines(byte[] fields, int from) {
        int i = from;
        while (i < fields.length && (fields[i] == '\r' || fields[i] == '\n')) {
            i++;
        }
        return i;
    }

    private static Optional<AutomaticMail.Recipient> recipient(Headers group) {
        Optional<String> last = value(group, "Final-Recipient").map(StatusReader::address);
        Optional<String> first = value(group, "Original-Recipient").map(StatusReader::address);
        Optional<String> address = last.or(() -> first);
        return address.map(text -> new AutomaticMail.Recipient(
                text,
                first.filter(original -> !original.equals(text)),
                value(group, "Action").map(StatusReader::action).orElse(AutomaticMail.Action.UNKNOWN),
                value(group, "Status").flatMap(EnhancedStatus::startOf),
                value(group, "Remote-MTA").map(StatusReader::withoutType),
                value(group, "Diagnostic-Code").map(StatusReader::withoutType).orElse("")));
    }

    private static AutomaticMail.Action action(String value) {
        // a comment may follow (RFC 3464 2.3.3)
        String word = value.split("[ (;]", 2)[0].toLowerCase(Locale.ROOT);
        return switch (word) {
            case "failed", "failure" -> AutomaticMail.Action.FAILED;
            case "delayed" -> AutomaticMail.Action.DELAYED;
            case "delivered" -> AutomaticMail.Action.DELIVERED;
            case "relayed" -> AutomaticMail.Action.RELAYED;
            case "expanded" -> AutomaticMail.Action.EXPANDED;
            default -> AutomaticMail.Action.UNKNOWN;
        };
    }

    private static String address(String value) {
        String text = withoutType(value);
        return text.startsWith("<") && text.endsWith(">") && text.length() > 1
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /** Such as {@code rfc822; user@example.org}; the type is left out by some. */
    private static String withoutType(String value) {
        int semicolon = value.indexOf(';');
        boolean typed = semicolon > 0 && value.substring(0, semicolon).strip().matches("[A-Za-z0-9-]{1,40}");
        return typed ? value.substring(semicolon + 1).strip() : value;
    }

    private static Optional<String> value(Headers group, String name) {
        return group.value(name)
                .map(text -> text.substring(0, Math.min(MAX_VALUE, text.length())))
                .filter(text -> !text.isEmpty());
    }
}
