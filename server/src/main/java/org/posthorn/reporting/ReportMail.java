package org.posthorn.reporting;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.posthorn.mail.Address;
import org.posthorn.mail.HeaderDate;
import org.posthorn.mail.HeaderField;

/**
 * A report as a mail: a text for people and the gzipped document (RFC 9990 3.5.2, RFC 8460 5.3). ASCII, CRLF form.
 *
 * @param header in order
 * @param body after the empty line
 */
@SuppressWarnings("ArrayRecordComponent") // bytes that are handed on, never compared
record ReportMail(List<HeaderField> header, byte[] body) {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});

    /**
     * What the mail is about.
     *
     * @param id the report's, without angle brackets
     * @param about whom it is about
     * @param words what people read; ASCII lines
     */
    record Subject(String id, String about, LocalDate day, Address from, String organization, List<String> words) {}

    /** An aggregate report of DMARC. */
    static ReportMail dmarc(Subject subject, Address to, byte[] xml, Instant now) throws IOException {
        return of(
                subject,
                to,
                now,
                "multipart/mixed",
                List.of(),
                "application/gzip",
                fileName(subject, "xml.gz"),
                gzip(xml));
    }

    /** A TLS report. */
    static ReportMail tls(Subject subject, Address to, byte[] gzip, Instant now) {
        return of(
                subject,
                to,
                now,
                "multipart/report; report-type=\"tlsrpt\"",
                List.of(
                        HeaderField.of("TLS-Report-Domain", subject.about()),
                        HeaderField.of(
                                "TLS-Report-Submitter", subject.from().domain().toString())),
                "application/tlsrpt+gzip",
                fileName(subject, "json.gz"),
                gzip);
    }

    private static ReportMail of(
            Subject subject,
            Address to,
            Instant now,
            String multipart,
            List<HeaderField> more,
            String type,
            String file,
            byte[] document) {
        // a base64 line has no hyphen but where an address or text has; this never stands alone in one
        String boundary = "=_report_" + subject.day() + "_"
                + Integer.toHexString(subject.id().hashCode());
        List<HeaderField> header = new ArrayList<>(List.of(
                HeaderField.of("Date", HeaderDate.format(now.atOffset(ZoneOffset.UTC))),
                HeaderField.of("From", quoted(subject.organization()) + "\r\n <" + subject.from() + ">"),
                HeaderField.of("To", "<" + to + ">"),
                // RFC 9990 3.5.2, RFC 8460 5.3: the form of the subject, folded as in its example
                HeaderField.of(
                        "Subject",
                        "Report Domain: " + subject.about() + "\r\n Submitter: "
                                + subject.from().domain() + "\r\n Report-ID: <" + subject.id() + ">"),
                HeaderField.of("Message-ID", "<" + subject.id() + ">"),
                // RFC 3834 5: nothing that answers by itself may answer this
                HeaderField.of("Auto-Submitted", "auto-generated"),
                HeaderField.of("MIME-Version", "1.0"),
                HeaderField.of("Content-Type", multipart + ";\r\n boundary=\"" + boundary + "\"")));
        header.addAll(more);
        String body = "This is a message in MIME format.\r\n\r\n--" + boundary
                + "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
                + String.join("\r\n", subject.words()) + "\r\n\r\n--" + boundary
                + "\r\nContent-Type: " + type + "\r\nContent-Transfer-Encoding: base64\r\n"
                + "Content-Disposition: attachment;\r\n filename=\"" + file + "\"\r\n\r\n"
                + LINES.encodeToString(document) + "\r\n--" + boundary + "--\r\n";
        return new ReportMail(List.copyOf(header), body.getBytes(StandardCharsets.US_ASCII));
    }

    /** RFC 9990 3.5.2, RFC 8460 5.1: receiver, policy domain, first and last second of the day. */
    private static String fileName(Subject subject, String extension) {
        long begin = subject.day().atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        return subject.from().domain() + "!" + subject.about() + "!" + begin + "!" + (begin + 86_399) + "." + extension;
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static String quoted(String name) {
        StringBuilder text = new StringBuilder("\"");
        name.chars()
                .filter(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\')
                .limit(60)
                .forEach(c -> text.append((char) c));
        return text.append('"').toString();
    }

    /** Header, empty line and body. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 2048);
        header.forEach(field -> out.writeBytes((field.raw() + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        out.writeBytes(new byte[] {'\r', '\n'});
        out.writeBytes(body);
        return out.toByteArray();
    }
}
