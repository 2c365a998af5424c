package org.posthorn.protocol.dsn;

import org.posthorn.protocol.smtp.EnhancedStatus;

/** The part for people: what happened, to whom, why, and what to do now. */
final class Explanation {
    private Explanation() {}

    static String of(DeliveryReport report) {
        StringBuilder text = new StringBuilder();
        switch (report.action()) {
            case FAILED ->
                paragraph(
                        text,
                        "Your message could not be delivered to everybody. We will not try again for the"
                                + " recipients below. The message, or its header, is attached.");
            case DELAYED -> {
                paragraph(
                        text,
                        "Your message has not yet been delivered to the recipients below. THIS IS ONLY A"
                                + " WARNING. You need not send it again: we go on trying"
                                + report.giveUp()
                                        .map(end -> " until " + MailDate.of(end))
                                        .orElse("") + ".");
            }
        }
        for (RecipientStatus status : report.recipients()) {
            text.append("<").append(status.recipient()).append(">\r\n");
            indented(text, meaning(status.status()));
            String who = status.fromServer()
                    ? "The mail server"
                            + status.remoteMta().map(host -> " " + host).orElse("") + " said: "
                    : "Details: ";
            indented(text, who + LineFolding.clean(status.diagnostic(), true));
            text.append("\r\n");
        }
        paragraph(
                text,
                "If you need help, send this whole message to postmaster@"
                        + report.from().domain() + " (queue id " + report.queueId() + ").");
        return text.append("-- \r\n")
                .append("Posthorn at ")
                .append(report.reportingMta())
                .append("\r\n")
                .toString();
    }

    private static void paragraph(StringBuilder text, String words) {
        text.append(String.join("\r\n", LineFolding.wrap(words))).append("\r\n\r\n");
    }

    private static void indented(StringBuilder text, String words) {
        LineFolding.wrap(words).forEach(line -> text.append("    ").append(line).append("\r\n"));
    }

    /** RFC 3463 in plain words, as far as its subject and detail are worth anything to a person. */
    private static String meaning(EnhancedStatus status) {
        return switch (status.subject() + "." + status.detail()) {
            case "1.0", "1.1", "1.3", "1.6" -> "There is no such address. Please check its spelling.";
            case "1.2" -> "There is no such domain (the part after the @). Please check its spelling.";
            case "1.10" -> "This domain does not take mail at all.";
            case "2.1" -> "The mailbox is disabled.";
            case "2.2" -> "The recipient's mailbox is full.";
            case "2.3", "3.4" -> "The message is too large for the recipient's server.";
            case "4.1", "4.2" -> "The recipient's mail server could not be reached.";
            case "4.3", "4.4" -> "The recipient's mail server could not be found.";
            case "4.6" -> "The mail went in circles between servers; their administrators must mend that.";
            case "4.7" -> "We have tried for as long as we may.";
            case "6.7" -> "The recipient's server does not take addresses or headers with letters beyond ASCII.";
            default ->
                switch (status.subject()) {
                    case 1 -> "The address was not accepted.";
                    case 2 -> "The mailbox did not take the message.";
                    case 3, 4, 5 -> "The recipient's mail server had a problem.";
                    case 6 -> "The server did not take the form of the message.";
                    case 7 -> "The server refused the message, by its rules or as suspected spam.";
                    default -> "The server did not take the message.";
                };
        };
    }
}
