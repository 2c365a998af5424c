package org.posthorn.server.smtp;

import java.util.ArrayList;
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

    /** Of each RCPT that was taken, where each gets a reply after the text. */
    private final Optional<List<Address>> commands;

    /** @param each whether each RCPT gets a reply after the text (RFC 2033 4.2) */
    Transaction(SmtpClient client, Optional<Address> sender, boolean smtpUtf8, boolean eightBit, boolean each) {
        this.commands = each ? Optional.of(new ArrayList<>()) : Optional.empty();
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
        return commands.map(all -> all.stream())
                .orElseGet(recipients::stream)
                .mapToLong(Transaction::memory)
                .sum();
    }

    /** A recipient given twice gets the message once. */
    void add(Address recipient) {
        recipients.add(recipient);
    }

    /** A RCPT was taken. */
    void taken(Address recipient) {
        commands.ifPresent(all -> all.add(recipient));
    }

    /** RCPTs that get a reply each after the text, those with the same recipient too; 0 where one reply is for all. */
    int commands() {
        return commands.map(List::size).orElse(0);
    }

    /** Whose reply is due after the text, in their order; empty where one reply is for all. */
    Optional<List<Address>> repliesDue() {
        return commands;
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
