package org.posthorn.mail;

import java.util.List;
import java.util.Optional;

/**
 * Who sends to whom, apart from what the header says (RFC 5321 2.3.1).
 *
 * @param sender empty for the null reverse-path of bounces
 * @param recipients in the order given
 * @param smtpUtf8 the message was sent with SMTPUTF8 (RFC 6531)
 * @param eightBitMime the message was sent with BODY=8BITMIME (RFC 6152)
 * @param quarantined the message is suspicious: mailboxes of ours take it as junk
 * @param senderUnproven the message was judged, and nothing showed that its sender is who wrote it
 */
public record Envelope(
        Optional<Address> sender,
        List<Address> recipients,
        boolean smtpUtf8,
        boolean eightBitMime,
        boolean quarantined,
        boolean senderUnproven) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** An envelope of a message that nothing is held against. */
    public Envelope(Optional<Address> sender, List<Address> recipients, boolean smtpUtf8, boolean eightBitMime) {
        this(sender, recipients, smtpUtf8, eightBitMime, false, false);
    }

    /** The same for a suspicious message. */
    public Envelope quarantine() {
        return new Envelope(sender, recipients, smtpUtf8, eightBitMime, true, senderUnproven);
    }

    /** The same for a message whose sender may be forged. */
    public Envelope doubtSender() {
        return new Envelope(sender, recipients, smtpUtf8, eightBitMime, quarantined, true);
    }
}
