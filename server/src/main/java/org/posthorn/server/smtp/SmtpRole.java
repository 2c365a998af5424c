package org.posthorn.server.smtp;

/** What a port is for. */
public enum SmtpRole {
    /** Mail from anywhere for our recipients; no AUTH. */
    MX("smtpd"),
    /** Mail from our users (RFC 6409): nothing before TLS and AUTH. */
    SUBMISSION("submission/smtpd");

    private final String component;

    SmtpRole(String component) {
        this.component = component;
    }

    /** The name in the log, as Postfix calls it. */
    String component() {
        return component;
    }
}
