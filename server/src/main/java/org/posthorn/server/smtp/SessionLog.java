package org.posthorn.server.smtp;

import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.net.Connection;
import org.posthorn.protocol.smtp.SmtpReply;

/** The session's lines of the log, in the words of Postfix, so that pflogsumm and fail2ban read them. */
final class SessionLog {
    private final MailLog log;
    private final String component;
    private final String session;
    private final String peer;

    SessionLog(MailLog log, String component, Connection connection) {
        this.log = log;
        this.component = component;
        this.session = connection.id();
        this.peer = "unknown[" + connection.remote().getAddress().getHostAddress() + "]";
    }

    void connected() {
        log.line(component, "", "connect from " + peer + " session=" + session);
    }

    void disconnected(Statistics statistics) {
        log.line(component, "", "disconnect from " + peer + " " + statistics + " session=" + session);
    }

    void ended(String how, String lastVerb) {
        log.line(component, "", how + " after " + lastVerb + " from " + peer);
    }

    void tooManyErrors(String lastVerb) {
        log.line(component, "", "too many errors after " + lastVerb + " from " + peer);
    }

    void secured(String protocolAndCipher, int dropped) {
        log.line(component, "", "Anonymous TLS connection established from " + peer + ": " + protocolAndCipher);
        if (dropped > 0) {
            log.warning(component, session, "plaintext-after-starttls", "client", peer, "octets", dropped);
        }
    }

    void handshakeFailed(Exception cause) {
        log.line(
                component,
                "",
                "SSL_accept error from " + peer + ": " + MailLog.safe(String.valueOf(cause.getMessage())));
    }

    /** A refusal in the course of a transaction. */
    void refused(String stage, SmtpReply reply, Transaction transaction, String recipient) {
        StringBuilder text = new StringBuilder(200);
        text.append("reject: ").append(stage).append(" from ").append(peer).append(": ");
        text.append(MailLog.safe(reply.toString())).append("; from=<");
        transaction.sender().ifPresent(sender -> text.append(MailLog.safe(sender.toString())));
        text.append('>');
        if (!recipient.isEmpty()) {
            text.append(" to=<").append(MailLog.safe(recipient)).append('>');
        }
        text.append(" proto=").append(transaction.client().protocol());
        text.append(" helo=<").append(transaction.client().helo()).append('>');
        log.line(component, "NOQUEUE", text.toString());
    }

    void loggedIn(String mechanism, Address account) {
        log.info(component, session, "login", "client", peer, "mechanism", mechanism, "account", account);
    }

    /** In the words that fail2ban looks for. */
    void loginRefused(String mechanism, String reason, String name) {
        log.line(
                component,
                "",
                "warning: " + peer + ": SASL " + MailLog.safe(mechanism) + " authentication failed: "
                        + MailLog.safe(reason) + (name.isEmpty() ? "" : ", sasl_username=" + MailLog.safe(name)));
    }

    void failed(String verb, RuntimeException cause) {
        log.failure(MailLog.Level.ERROR, component, session, "command-failed", cause, "command", verb, "client", peer);
    }
}
