package org.posthorn.client.smtp;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;

/**
 * What to send.
 *
 * @param sender empty for the null reverse-path
 * @param smtpUtf8 the message came in with SMTPUTF8; it is asked for again where the message needs it
 * @param content CRLF form
 */
public record OutgoingMessage(
        Optional<Address> sender, List<Address> recipients, boolean smtpUtf8, MessageContent content) {
    public OutgoingMessage {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("no recipients");
        }
    }
}
