package org.posthorn.intake;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mail.Address;
import org.posthorn.mail.DeliveredTo;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Router;

/**
 * Where a message will go once it is taken, asked before: what will surely come back is refused in SMTP, since the sender that a
 * notification would go to may be forged.
 *
 * @param accounts here that it will reach, through aliases too; in canonical form
 * @param onlyAccounts whether it goes nowhere else
 */
public record MailDestinations(Set<Address> accounts, boolean onlyAccounts) {
    /** To a message that all of its recipients have had. */
    public static final SmtpReply LOOP = SmtpReply.of(
            554, "5.4.6", "Mail forwarding loop: the recipients have had this message already (Delivered-To)");

    public MailDestinations {
        accounts = Set.copyOf(accounts);
    }

    /** Asks for recipients that have been taken; one whose way is not known now counts as one that leads elsewhere. */
    public static MailDestinations of(Router router, List<Address> recipients) {
        Set<Address> accounts = new HashSet<>();
        boolean onlyAccounts = true;
        for (Address recipient : recipients) {
            if (router.route(recipient) instanceof Router.Route.To(List<Router.Hop> hops)) {
                for (Router.Hop hop : hops) {
                    if (hop.destination().isMailbox()) {
                        accounts.add(account(hop.destination().name()));
                    } else {
                        onlyAccounts = false;
                    }
                }
            } else {
                onlyAccounts = false;
            }
        }
        return new MailDestinations(accounts, onlyAccounts);
    }

    /**
     * One of the accounts that have had the message already by its Delivered-To fields, if nobody would get anything new: local delivery
     * would return it as a loop, to a sender who may be forged. As long as one recipient would, the message is taken: one reply speaks
     * for all.
     *
     * @param header the octets that local delivery will read
     */
    public Optional<Address> loop(byte[] header) {
        Set<Address> had = had(header);
        return isLoop(had) ? had.stream().findFirst() : Optional.empty();
    }

    /** Those of the accounts that have had the message, by its Delivered-To fields. */
    public Set<Address> had(byte[] header) {
        DeliveredTo delivered = new DeliveredTo(accounts);
        delivered.scan(header, 0, header.length);
        return delivered.found();
    }

    /** Whether nobody here would get anything new, if these have had the message. */
    public boolean isLoop(Set<Address> had) {
        return onlyAccounts && !accounts.isEmpty() && had.containsAll(accounts);
    }

    /** Decides about an alias of ours at RCPT. */
    public static MessageIntake.Decision ofAlias(Router router, Address recipient) {
        String text = "<" + recipient + ">: Recipient address rejected: ";
        return switch (router.route(recipient)) {
            case Router.Route.To _ -> MessageIntake.Decision.ACCEPT;
            case Router.Route.Unroutable(String status, var _) ->
                MessageIntake.Decision.refuse(550, status, text + "its alias leads nowhere");
            case Router.Route.Unknown _ -> lookUpFailed(recipient);
        };
    }

    /** A directory that fails is to blame, and not the recipient (RFC 3463 3.4, X.3.5). */
    public static MessageIntake.Decision lookUpFailed(Address recipient) {
        return MessageIntake.Decision.refuse(
                451, "4.3.5", "<" + recipient + ">: Recipient address rejected: cannot be looked up at present");
    }

    private static Address account(String name) {
        try {
            return Address.parse(name).canonical();
        } catch (MalformedAddressException e) {
            throw new IllegalStateException("an account of the directory is no address: " + name, e);
        }
    }
}
