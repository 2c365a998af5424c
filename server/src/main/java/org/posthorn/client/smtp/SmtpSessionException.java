package org.posthorn.client.smtp;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;

/** The server cannot be used: no connection, no greeting, a broken conversation. Another server may do. */
public final class SmtpSessionException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient EnhancedStatus status;
    private final transient Optional<SmtpReply> reply;

    /** Our own finding, with the words for log and notification. */
    SmtpSessionException(EnhancedStatus status, String text) {
        super(text);
        this.status = status;
        this.reply = Optional.empty();
    }

    /** The server turned us away. */
    SmtpSessionException(SmtpReply reply) {
        super(reply.toString());
        this.status = reply.status()
                .orElse(reply.isPermanentFailure() ? new EnhancedStatus(5, 0, 0) : new EnhancedStatus(4, 0, 0));
        this.reply = Optional.of(reply);
    }

    public EnhancedStatus status() {
        return status;
    }

    /** What the server said, where that was the reason. */
    public Optional<SmtpReply> reply() {
        return reply;
    }

    /** Words for log and notification: the reply, or our own. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
