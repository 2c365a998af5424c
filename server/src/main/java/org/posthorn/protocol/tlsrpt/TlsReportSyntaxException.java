package org.posthorn.protocol.tlsrpt;

/** Not a TLS report, or one beyond the limits; the message says why. */
public final class TlsReportSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsReportSyntaxException(String reason) {
        super(reason);
    }

    TlsReportSyntaxException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
