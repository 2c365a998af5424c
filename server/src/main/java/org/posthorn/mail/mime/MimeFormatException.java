package org.posthorn.mail.mime;

/** Bytes that are no encoded structure of this version. */
public final class MimeFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MimeFormatException(String message) {
        super(message);
    }
}
