package org.posthorn.server.smtp;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;

/** One mail transaction, from MAIL to the end of DATA or RSET. Used by the session's thread. */
final class Transaction {
    private static final int RECIPIENT_OBJECTS = 500;

    private final SmtpClient client;
    private final Optional<Address> sender;
    private final boolean smtpUtf8;
    private final boolean eightBit;
    private boolean tooMany;
    private final Set<Address> recipients = new LinkedHashSet<>();

    Transaction(SmtpClient client, Optional<Address> sender, boolean smtpUtf8, boolean eightBit) {
        this.client = client;
        this.sender = sender;
        this.smtpUtf8 = smtpUtf8;
        this.eightBit = eightBit;
    }

    SmtpClient client() {
        return client;
    }

    Optional<Address> sender() {
        return sender;
    }

    boolean smtpUtf8() {
        return smtpUtf8;
    }

    int recipientCount() {
        return recipients.size();
    }

    /** Octets of memory that a recipient takes on its way into the queue. */
    static long memory(Address recipient) {
        return RECIPIENT_OBJECTS + 2L * recipient.toString().length();
    }

    /** Octets of memory that the recipients take. */
    long memory() {
        return recipients.stream().mapToLong(Transaction::memory).sum();
    }

    /** A recipient given twice gets the message once. */
    void add(Address recipient) {
        recipients.add(recipient);
    }

    boolean has(Address recipient) {
        return recipients.contains(recipient);
    }

    /** True once: whether this is the first recipient too many. */
    boolean firstTooMany() {
        boolean first = !tooMany;
        tooMany = true;
        return first;
    }

    Envelope envelope() {
        return new Envelope(sender, List.copyOf(recipients), smtpUtf8, eightBit);
    }
}
