package org.posthorn.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.posthorn.mail.Envelope;

/**
 * Tells senders what became of their mail (RFC 3464). The queue marks recipients done only after the notice is in the
 * spool, so that a crash can repeat a notice but never lose one. Mail with the null sender is never answered.
 */
public interface Notifier {
    /** One recipient's bad news. */
    record Undelivered(Envelope.Recipient recipient, DeliveryOutcome outcome) {}

    /** These recipients will never get the message. */
    void failed(QueuedMessage message, List<Undelivered> recipients) throws IOException;

    /** These recipients have not got it yet; we go on trying until {@code giveUp}. Sent once per message. */
    void delayed(QueuedMessage message, List<Undelivered> recipients, Instant giveUp) throws IOException;
}
