package org.posthorn.delivery.local;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.dsn.AutomaticMail;
import org.posthorn.protocol.dsn.AutomaticMailParser;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.QueuedMessage;

/**
 * Says in the log what a bounce that an account got is about: which recipient was not reached, and why. Mail without a sender alone is
 * looked at (RFC 5321 4.5.5: notifications have none), and of it the beginning. Anybody can write a bounce, so nothing but the log
 * depends on it. Thread-safe.
 */
final class BounceLog {
    /** Octets of a message that are looked at: what a notification says stands before the message that it returns. */
    static final int MAX_OCTETS = 256 << 10;
    /** Recipients of one bounce that get a line. */
    static final int MAX_LINES = 10;

    private final MailLog log;

    BounceLog(MailLog log) {
        this.log = log;
    }

    /** Looks at a message that was delivered; never fails. */
    void delivered(QueuedMessage message, Address account) {
        if (message.envelope().sender().isPresent()) {
            return;
        }
        String id = message.id().text();
        try (InputStream in = message.content().open()) {
            MessageContent beginning = MessageContent.of(in.readNBytes(MAX_OCTETS));
            if (AutomaticMailParser.parse(beginning) instanceof AutomaticMail.Bounce bounce) {
                tell(id, account, bounce);
            }
        } catch (IOException | RuntimeException e) {
            log.failure(MailLog.Level.WARNING, "local", id, "bounce-not-read", e);
        }
    }

    private void tell(String id, Address account, AutomaticMail.Bounce bounce) {
        List<AutomaticMail.Recipient> recipients = bounce.recipients();
        if (recipients.isEmpty()) {
            log.info("local", id, "bounce-for", "account", account, "recipient", "unknown");
        }
        for (AutomaticMail.Recipient recipient : recipients.subList(0, Math.min(MAX_LINES, recipients.size()))) {
            log.info(
                    "local",
                    id,
                    "bounce-for",
                    "account",
                    account,
                    "recipient",
                    recipient.address(),
                    "action",
                    recipient.action().name().toLowerCase(Locale.ROOT),
                    "status",
                    recipient.status().map(EnhancedStatus::toString).orElse("unknown"),
                    "said",
                    recipient.diagnostic());
        }
        if (recipients.size() > MAX_LINES) {
            log.info(
                    "local", id, "bounce-for", "account", account, "further-recipients", recipients.size() - MAX_LINES);
        }
    }
}
