package org.posthorn.protocol.reportmail;

/**
 * A report, unpacked but not yet read.
 *
 * @param bytes belongs to this record and must not change
 */
@SuppressWarnings("ArrayRecordComponent") // bytes that are handed on, never compared
public record ReportDocument(Format format, byte[] bytes) {
    /** What the bytes begin like. */
    public enum Format {
        /** A DMARC report. */
        XML,
        /** A TLS report. */
        JSON
    }
}
