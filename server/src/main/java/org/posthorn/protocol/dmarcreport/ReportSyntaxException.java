package org.posthorn.protocol.dmarcreport;

/** Not a DMARC aggregate report, or one beyond the limits; the message says why. */
public final class ReportSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReportSyntaxException(String reason) {
        super(reason);
    }

    ReportSyntaxException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
