package org.posthorn.protocol.reportmail;

/** An attachment that cannot be unpacked, or only beyond the limits; the message says why. */
public final class UnreadableAttachmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableAttachmentException(String reason) {
        super(reason);
    }

    UnreadableAttachmentException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
