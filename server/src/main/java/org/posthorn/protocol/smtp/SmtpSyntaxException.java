package org.posthorn.protocol.smtp;

/** Input that is not SMTP; carries the reply that says so. */
public final class SmtpSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient SmtpReply reply;

    public SmtpSyntaxException(SmtpReply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    public SmtpReply reply() {
        return reply;
    }
}
