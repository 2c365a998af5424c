package org.posthorn.protocol.dsn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Address;

/**
 * What a notification says.
 *
 * @param action whether there is hope
 * @param reportingMta our host name
 * @param queueId of the original message, for whoever asks us about it
 * @param sender the original's sender, who gets the notification
 * @param from the notification's author
 * @param arrived when the original came in
 * @param lastAttempt the latest attempt of delivery
 * @param giveUp until when we go on trying, for {@link Action#DELAYED}
 */
public record DeliveryReport(
        Action action,
        String reportingMta,
        String queueId,
        Address sender,
        Address from,
        Instant arrived,
        Instant lastAttempt,
        Optional<Instant> giveUp,
        List<RecipientStatus> recipients) {
    /** RFC 3464 2.3.3. */
    public enum Action {
        FAILED("failed"),
        DELAYED("delayed");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    public DeliveryReport {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a report without recipients");
        }
    }

    /** Whether the fields need UTF-8, and the notification with them SMTPUTF8 (RFC 6533 3). */
    public boolean needsSmtpUtf8() {
        return sender.needsSmtpUtf8()
                || recipients.stream().anyMatch(status -> status.recipient().needsSmtpUtf8());
    }
}
