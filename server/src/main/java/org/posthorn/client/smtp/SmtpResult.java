package org.posthorn.client.smtp;

import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;

/** What became of one recipient at one server. */
public sealed interface SmtpResult {
    /** The server's word: 2xx, it has taken responsibility; 4xx or 5xx, it has not. */
    record Replied(SmtpReply reply) implements SmtpResult {}

    /** The server lacks what the message needs; never worth a second try there. */
    record Unfit(EnhancedStatus status, String text) implements SmtpResult {}

    /**
     * The connection failed first.
     *
     * @param mayHaveArrived the message was sent whole, so the server may deliver it without our knowing
     */
    record Broken(EnhancedStatus status, String text, boolean mayHaveArrived) implements SmtpResult {}
}
