package org.posthorn.delivery.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.DeliveredTo;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.mailbox.SpecialUse;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueuedMessage;

/** Delivers into the mailbox of one account, whose address is the destination's name. Thread-safe. */
public final class LocalDelivery implements DeliveryAgent {
    private static final String RELAY = "local";
    private static final MailboxName JUNK = new MailboxName(List.of("Junk"));

    private final MailboxStore store;
    private final BiPredicate<Address, Instant> isAccount;
    private final LocalDeliveryConfig config;
    private final MailLog log;
    private final BounceLog bounces;

    /** @param isAccount whether an account with this very address exists, and was there when the message came at that time */
    public LocalDelivery(
            MailboxStore store, BiPredicate<Address, Instant> isAccount, LocalDeliveryConfig config, MailLog log) {
        this.store = store;
        this.isAccount = isAccount;
        this.config = config;
        this.log = log;
        this.bounces = new BounceLog(log);
    }

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        for (Optional<Job> job = jobs.next(); job.isPresent(); job = jobs.next()) {
            Job one = job.get();
            List<Address> recipients = one.recipients();
            // Several addresses of one account: one copy is enough, and by its key there can be no second.
            DeliveryOutcome outcome = deliver(destination.name(), recipients.getFirst(), one);
            recipients.forEach(recipient -> one.settle(recipient, outcome));
        }
    }

    private DeliveryOutcome deliver(String name, Address recipient, Job job) {
        QueuedMessage message = job.message();
        try {
            Address account = Address.parse(name).canonical();
            if (!isAccount.test(account, message.arrived())) {
                return failed("5.1.1", "User unknown");
            }
            if (DeliveredTo.names(message.content(), account)) {
                // RFC 5321 6.3: a loop of forwardings; each round would add a copy.
                return failed("5.4.6", "Mail forwarding loop for " + account);
            }
            store.deliver(
                    account,
                    message.envelope().quarantined() ? junk(account) : MailboxName.INBOX,
                    message.id().text(),
                    prefix(message, account, recipient),
                    message.content(),
                    message.arrived().toEpochMilli(),
                    Flags.NONE,
                    job.mayBeRepeat());
            bounces.delivered(message, account);
            return new DeliveryOutcome.Delivered(RELAY, EnhancedStatus.parse("2.0.0"), "delivered to mailbox");
        } catch (MalformedAddressException e) {
            return failed("5.1.1", "User unknown");
        } catch (MailboxException e) {
            return refused(e);
        } catch (IOException | RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "local", message.id().text(), "delivery-failed", e, "account", name);
            return MailboxException.isNoRoom(e)
                    ? deferred("4.3.1", "No room on the disk")
                    : deferred("4.3.0", "Mailbox cannot be written");
        }
    }

    /** The mailbox for suspicious mail (RFC 6154), which is made where there is none. */
    private MailboxName junk(Address account) throws IOException, MailboxException {
        try (AccountMail mail = store.open(account)) {
            for (MailboxInfo info : mail.mailboxes()) {
                if (info.selectable() && info.specialUse().equals(Optional.of(SpecialUse.JUNK))) {
                    return info.name();
                }
            }
            if (mail.find(JUNK).filter(MailboxInfo::selectable).isEmpty()) {
                mail.create(JUNK, Optional.of(SpecialUse.JUNK));
            }
            return JUNK;
        }
    }

    /** RFC 5321 4.4: the sender as Return-Path, at the very beginning; then who got it, and under which other address. */
    private static byte[] prefix(QueuedMessage message, Address account, Address recipient) {
        StringBuilder header = new StringBuilder(120)
                .append("Return-Path: <")
                .append(message.envelope().sender().map(Address::toString).orElse(""))
                .append(">\r\nDelivered-To: ")
                .append(account)
                .append("\r\n");
        if (!recipient.canonical().equals(account)) {
            header.append("X-Original-To: ").append(recipient).append("\r\n");
        }
        return header.toString().getBytes(StandardCharsets.UTF_8);
    }

    private DeliveryOutcome refused(MailboxException e) {
        return switch (e.reason()) {
            case OVER_QUOTA ->
                config.bounceOverQuota() ? failed("5.2.2", "Mailbox is full") : deferred("4.2.2", "Mailbox is full");
            case LIMIT -> failed("5.2.3", "Message is too large for the mailbox");
            case READ_ONLY -> deferred("4.2.1", "Mailbox takes no mail at present");
            case NONEXISTENT, ALREADY_EXISTS, CANNOT, HAS_CHILDREN ->
                deferred("4.3.0", "Mailbox cannot take it: " + e.reason());
        };
    }

    private static DeliveryOutcome failed(String status, String text) {
        return new DeliveryOutcome.Failed(RELAY, EnhancedStatus.parse(status), text, false);
    }

    private static DeliveryOutcome deferred(String status, String text) {
        return new DeliveryOutcome.Deferred(RELAY, EnhancedStatus.parse(status), text, false);
    }
}
