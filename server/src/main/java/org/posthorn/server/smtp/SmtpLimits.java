package org.posthorn.server.smtp;

import org.posthorn.config.Section;

/**
 * The counts that bound a session.
 *
 * @param recipients of one message; more get 452 and are for the next message (RFC 5321 4.5.3.1.10); at least 100 (4.5.3.1.8)
 * @param errors commands that were no use before the session ends with 421; the count starts anew after each message taken
 * @param refusedRecipients before the session ends with 421: somebody is guessing addresses. Starts anew likewise
 * @param idleCommands commands that bring no mail forward (NOOP, RSET, VRFY, HELP, EHLO) between two messages
 * @param messages in one session; the next MAIL gets 421
 */
public record SmtpLimits(int recipients, int errors, int refusedRecipients, int idleCommands, int messages) {
    public static final SmtpLimits DEFAULT = new SmtpLimits(1000, 10, 100, 100, 10_000);

    public SmtpLimits {
        if (recipients < 100) {
            throw new IllegalArgumentException("RFC 5321 4.5.3.1.8 demands room for 100 recipients");
        }
        if (errors < 1 || refusedRecipients < 1 || idleCommands < 1 || messages < 1) {
            throw new IllegalArgumentException("limits of an SMTP session must be positive");
        }
    }

    static SmtpLimits read(Section smtp) {
        return new SmtpLimits(
                smtp.integer("max-recipients", DEFAULT.recipients, 100, 100_000),
                smtp.integer("max-errors", DEFAULT.errors, 1, 1000),
                smtp.integer("max-refused-recipients", DEFAULT.refusedRecipients, 1, 100_000),
                smtp.integer("max-idle-commands", DEFAULT.idleCommands, 10, 100_000),
                smtp.integer("max-messages", DEFAULT.messages, 1, 10_000_000));
    }
}
