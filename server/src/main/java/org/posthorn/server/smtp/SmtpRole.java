package org.posthorn.server.smtp;

/** What a port is for. */
public enum SmtpRole {
    /** Mail from anywhere for our recipients; no AUTH. */
    MX("smtpd"),
    /** Mail from our users (RFC 6409): nothing before TLS and AUTH. */
    SUBMISSION("submission/smtpd"),
    /** Mail for our recipients from a server of ours in front (RFC 2033): a reply for each recipient, and no queue of the client's to spare. */
    LMTP("lmtpd");

    private final String component;

    SmtpRole(String component) {
        this.component = component;
    }

    /** The name in the log, as Postfix calls it. */
    String component() {
        return component;
    }
}
