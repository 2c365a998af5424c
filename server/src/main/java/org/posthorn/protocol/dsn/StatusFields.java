package org.posthorn.protocol.dsn;

import org.posthorn.mail.Address;

/** The part for programs: message/delivery-status (RFC 3464 2), or message/global-delivery-status (RFC 6533 3). */
final class StatusFields {
    private StatusFields() {}

    static String of(DeliveryReport report) {
        boolean utf8 = report.needsSmtpUtf8();
        StringBuilder fields = new StringBuilder();
        fields.append(Lines.field("Reporting-MTA", "dns; " + report.reportingMta()));
        fields.append(Lines.field("X-Posthorn-Queue-ID", report.queueId()));
        fields.append(Lines.field("X-Posthorn-Sender", type(report.sender()) + "; " + report.sender()));
        fields.append(Lines.field("Arrival-Date", MailDate.of(report.arrived())));
        for (RecipientStatus status : report.recipients()) {
            fields.append("\r\n");
            fields.append(Lines.field("Final-Recipient", type(status.recipient()) + "; " + status.recipient()));
            fields.append(Lines.field("Action", report.action().word()));
            fields.append(Lines.field("Status", status.status().toString()));
            status.remoteMta().ifPresent(host -> fields.append(Lines.field("Remote-MTA", "dns; " + host)));
            // RFC 3464 2.3.6: the type says whose words they are; ours are no SMTP reply.
            String words = Lines.clean(status.diagnostic(), utf8);
            fields.append(Lines.field("Diagnostic-Code", (status.fromServer() ? "smtp; " : "X-Posthorn; ") + words));
            fields.append(Lines.field("Last-Attempt-Date", MailDate.of(report.lastAttempt())));
            report.giveUp().ifPresent(end -> fields.append(Lines.field("Will-Retry-Until", MailDate.of(end))));
        }
        return fields.toString();
    }

    /** RFC 6533 3: the address type says whether the address has UTF-8 in it. */
    private static String type(Address address) {
        return address.needsSmtpUtf8() ? "utf-8" : "rfc822";
    }
}
