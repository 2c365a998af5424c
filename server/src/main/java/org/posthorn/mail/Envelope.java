package org.posthorn.mail;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who sends to whom, apart from what the header says (RFC 5321 2.3.1).
 *
 * @param sender empty for the null reverse-path of bounces
 * @param recipients in the order given
 * @param smtpUtf8 the message was sent with SMTPUTF8 (RFC 6531)
 * @param eightBitMime the message was sent with BODY=8BITMIME (RFC 6152)
 * @param quarantined the message is suspicious: mailboxes of ours take it as junk
 * @param senderUnproven the message was judged, and nothing showed that its sender is who wrote it
 * @param notification what the sender wants of notices about the message
 */
public record Envelope(
        Optional<Address> sender,
        List<Recipient> recipients,
        boolean smtpUtf8,
        boolean eightBitMime,
        boolean quarantined,
        boolean senderUnproven,
        Notification notification) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** An envelope of a message that nothing is held against, and whose sender asks for nothing. */
    public Envelope(Optional<Address> sender, List<Address> recipients, boolean smtpUtf8, boolean eightBitMime) {
        this(
                sender,
                recipients.stream().map(Recipient::of).toList(),
                smtpUtf8,
                eightBitMime,
                false,
                false,
                Notification.UNASKED);
    }

    /** Of whom the sender wants to hear (RFC 3461 4.1). */
    public enum Notify {
        /** Nothing, whatever happens; never with another. */
        NEVER,
        /** That it was delivered. */
        SUCCESS,
        /** That it will not be. */
        FAILURE,
        /** That it takes longer. */
        DELAY
    }

    /**
     * One recipient.
     *
     * @param notifyOf what the sender wants to hear of this one; empty where nothing was said, which is as FAILURE and, where we think fit, DELAY
     * @param original whom the sender had written to, before anybody's aliases (ORCPT, RFC 3461 4.2)
     */
    public record Recipient(Address address, Set<Notify> notifyOf, Optional<OriginalRecipient> original) {
        public Recipient {
            notifyOf = Set.copyOf(notifyOf);
            if (notifyOf.size() > 1 && notifyOf.contains(Notify.NEVER)) {
                throw new IllegalArgumentException("NEVER with another");
            }
        }

        /** A recipient of whom nothing was said. */
        public static Recipient of(Address address) {
            return new Recipient(address, Set.of(), Optional.empty());
        }

        /** Whether the sender wants to hear of this. */
        public boolean wants(Notify event) {
            return notifyOf.contains(event)
                    || (notifyOf.isEmpty() && (event == Notify.FAILURE || event == Notify.DELAY));
        }
    }

    /**
     * The address of ORCPT, decoded.
     *
     * @param type {@code rfc822}, {@code utf-8} or another of the registry; any case
     */
    public record OriginalRecipient(String type, String address) {}

    /** What a notice returns of the message (RFC 3461 4.3). */
    public enum ReturnedContent {
        FULL,
        /** The header alone. */
        HDRS
    }

    /**
     * What the sender wants of notices.
     *
     * @param envelopeId by which the sender knows the message (ENVID, RFC 3461 4.4), decoded
     * @param content what they return; where nothing was said, what we think fit
     */
    public record Notification(Optional<String> envelopeId, Optional<ReturnedContent> content) {
        /** Nothing was said. */
        public static final Notification UNASKED = new Notification(Optional.empty(), Optional.empty());
    }

    /** The recipients' addresses, in their order. */
    public List<Address> addresses() {
        return recipients.stream().map(Recipient::address).toList();
    }

    /** The same without some recipients. */
    public Envelope without(Set<Address> some) {
        List<Recipient> left = recipients.stream()
                .filter(recipient -> !some.contains(recipient.address()))
                .toList();
        return new Envelope(sender, left, smtpUtf8, eightBitMime, quarantined, senderUnproven, notification);
    }

    /** The same for a suspicious message. */
    public Envelope quarantine() {
        return new Envelope(sender, recipients, smtpUtf8, eightBitMime, true, senderUnproven, notification);
    }

    /** The same for a message whose sender may be forged. */
    public Envelope doubtSender() {
        return new Envelope(sender, recipients, smtpUtf8, eightBitMime, quarantined, true, notification);
    }
}
