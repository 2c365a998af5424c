package org.posthorn.protocol.spf;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What is to be judged.
 *
 * @param client the address that the mail comes from; IPv4-mapped ones are IPv4 already as Java reads them
 * @param helo the argument of HELO or EHLO, as it was given
 * @param mailFrom the reverse-path without angle brackets; empty for the null one
 */
public record SpfQuery(InetAddress client, String helo, Optional<String> mailFrom) {
    /** Characters of helo and of mailFrom; twice what SMTP allows (RFC 5321 4.5.3.1). */
    static final int MAX_LENGTH = 512;

    public SpfQuery {
        mailFrom = mailFrom.filter(path -> !path.isEmpty());
        if (helo.length() > MAX_LENGTH || mailFrom.orElse("").length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a sender or HELO name of more than " + MAX_LENGTH + " characters");
        }
    }

    /** The check of RFC 7208 2.4, for the HELO name where the reverse-path is null. */
    SpfIdentity identity() {
        return mailFrom.isPresent() ? SpfIdentity.MAIL_FROM : SpfIdentity.HELO;
    }
}
