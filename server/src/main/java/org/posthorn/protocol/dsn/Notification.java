package org.posthorn.protocol.dsn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.posthorn.mail.MessageContent;

/**
 * A notification, ready to be written: multipart/report with the explanation, the status fields and the original
 * (RFC 6522). It is addressed to the sender; the envelope's sender must be the null reverse-path (RFC 3464 2).
 */
public final class Notification {
    private final DeliveryReport report;
    private final ReturnedMessage returned;
    private final String unique;
    private final Instant now;

    private Notification(DeliveryReport report, ReturnedMessage returned, String unique, Instant now) {
        this.report = report;
        this.returned = returned;
        this.unique = unique;
        this.now = now;
    }

    /**
     * Makes a notification; reads what it returns of the original.
     *
     * @param limit the largest original that is returned whole, in octets; of a larger one only the header. A warning of
     *     delay returns the header only
     * @param unique letters and digits that stand in no other message, for the Message-ID and the boundary
     * @throws IOException the original cannot be read
     */
    public static Notification of(DeliveryReport report, MessageContent original, int limit, String unique, Instant now)
            throws IOException {
        boolean headerOnly = report.action() == DeliveryReport.Action.DELAYED;
        return new Notification(report, ReturnedMessage.of(original, limit, headerOnly), unique, now);
    }

    /** Whether it holds octets above 127, and so needs 8BITMIME. */
    public boolean isEightBit() {
        return (returned.eightBit() && !isEncoded()) || report.needsSmtpUtf8() || !isAscii(Explanation.of(report));
    }

    /**
     * Whether what is returned is in base64. RFC 6532 3.7 allows that for message/global, so that the notification needs SMTPUTF8 for
     * the sake of addresses only, and gets to servers that had the original refused for want of it.
     */
    private boolean isEncoded() {
        return returned.utf8Header() && !report.needsSmtpUtf8();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** Writes the message in CRLF form. */
    public void writeTo(OutputStream out) throws IOException {
        String boundary = "=_posthorn_" + unique;
        boolean utf8 = report.needsSmtpUtf8();
        String explanation = Explanation.of(report);
        print(out, header(boundary));
        print(out, "This is a MIME-encapsulated message.\r\n\r\n");
        print(out, "--" + boundary + "\r\n");
        print(out, "Content-Description: Notification\r\n");
        print(
                out,
                isAscii(explanation)
                        ? part("text/plain; charset=us-ascii", "")
                        : part("text/plain; charset=utf-8", "8bit"));
        print(out, explanation + "\r\n");
        print(out, "--" + boundary + "\r\n");
        print(out, "Content-Description: Delivery report\r\n");
        print(out, part(utf8 ? "message/global-delivery-status" : "message/delivery-status", utf8 ? "8bit" : ""));
        print(out, StatusFields.of(report) + "\r\n");
        print(out, "--" + boundary + "\r\n");
        print(
                out,
                "Content-Description: " + (returned.whole() ? "Undelivered message" : "Undelivered message header")
                        + "\r\n");
        if (isEncoded()) {
            print(out, part(returnedType(true), "base64"));
            try (InputStream in = returned.content().open()) {
                out.write(Base64.getMimeEncoder().encode(in.readAllBytes()));
            }
        } else {
            print(out, part(returnedType(utf8), returned.eightBit() ? "8bit" : ""));
            returned.content().transferTo(0, returned.content().size(), out);
        }
        print(out, "\r\n--" + boundary + "--\r\n");
    }

    /** RFC 6533 4: with UTF-8 headers the original is message/global. */
    private String returnedType(boolean utf8) {
        if (returned.whole()) {
            return utf8 ? "message/global" : "message/rfc822";
        }
        return utf8 ? "message/global-headers" : "text/rfc822-headers";
    }

    /** A part's header; of 7bit text the encoding goes without saying. */
    private static String part(String type, String encoding) {
        return "Content-Type: " + type + "\r\n"
                + (encoding.isEmpty() ? "" : "Content-Transfer-Encoding: " + encoding + "\r\n") + "\r\n";
    }

    private String header(String boundary) {
        String subject = switch (report.action()) {
            case FAILED -> "Undelivered Mail Returned to Sender";
            case DELAYED -> "Delayed Mail (still being retried)";
        };
        return LineFolding.field("Date", MailDate.of(now))
                + LineFolding.field("From", "Mail Delivery System <" + report.from() + ">")
                + LineFolding.field("To", "<" + report.sender() + ">")
                + LineFolding.field("Subject", subject)
                + LineFolding.field("Message-ID", "<" + unique + "@" + report.reportingMta() + ">")
                // RFC 3834 5: nothing that answers by itself may answer this.
                + LineFolding.field("Auto-Submitted", "auto-replied")
                + LineFolding.field("MIME-Version", "1.0")
                + "Content-Type: multipart/report; report-type="
                + (report.needsSmtpUtf8() ? "global-delivery-status" : "delivery-status") + ";\r\n boundary=\""
                + boundary
                + "\"\r\n"
                + (isEightBit() ? "Content-Transfer-Encoding: 8bit\r\n" : "")
                + "\r\n";
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
