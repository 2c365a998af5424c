package org.posthorn.mail;

import java.util.List;
import java.util.Optional;

/**
 * Who sends to whom, apart from what the header says (RFC 5321 2.3.1).
 *
 * @param sender empty for the null reverse-path of bounces
 */
public record Envelope(Optional<Address> sender, List<Address> recipients, boolean smtpUtf8, boolean eightBitMime) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }
}
