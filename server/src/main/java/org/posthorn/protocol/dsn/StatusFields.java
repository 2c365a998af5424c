package org.posthorn.protocol.dsn;

import org.posthorn.mail.Address;

/** The part for programs: message/delivery-status (RFC 3464 2), or message/global-delivery-status (RFC 6533 3). */
final class StatusFields {
    private StatusFields() {}

    static String of(DeliveryReport report) {
        boolean utf8 = report.needsSmtpUtf8();
        StringBuilder fields = new StringBuilder();
        fields.append(LineFolding.field("Reporting-MTA", "dns; " + report.reportingMta()));
        fields.append(LineFolding.field("X-Posthorn-Queue-ID", report.queueId()));
        fields.append(LineFolding.field("X-Posthorn-Sender", type(report.sender()) + "; " + report.sender()));
        fields.append(LineFolding.field("Arrival-Date", MailDate.of(report.arrived())));
        for (RecipientStatus status : report.recipients()) {
            fields.append("\r\n");
            fields.append(LineFolding.field("Final-Recipient", type(status.recipient()) + "; " + status.recipient()));
            fields.append(LineFolding.field("Action", report.action().word()));
            fields.append(LineFolding.field("Status", status.status().toString()));
            status.remoteMta().ifPresent(host -> fields.append(LineFolding.field("Remote-MTA", "dns; " + host)));
            // RFC 3464 2.3.6: the type says whose words they are; ours are no SMTP reply.
            String words = LineFolding.clean(status.diagnostic(), utf8);
            fields.append(
                    LineFolding.field("Diagnostic-Code", (status.fromServer() ? "smtp; " : "X-Posthorn; ") + words));
            fields.append(LineFolding.field("Last-Attempt-Date", MailDate.of(report.lastAttempt())));
            report.giveUp().ifPresent(end -> fields.append(LineFolding.field("Will-Retry-Until", MailDate.of(end))));
        }
        return fields.toString();
    }

    /** RFC 6533 3: the address type says whether the address has UTF-8 in it. */
    private static String type(Address address) {
        return address.needsSmtpUtf8() ? "utf-8" : "rfc822";
    }
}
