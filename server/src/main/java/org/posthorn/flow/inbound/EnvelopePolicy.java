package org.posthorn.flow.inbound;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.directory.Directory;
import org.posthorn.directory.Resolution;
import org.posthorn.flow.MessageIntake.Decision;
import org.posthorn.flow.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Router;

/**
 * Decides about sender and recipients of mail that nobody has signed in for: any sender, our own recipients only.
 * Thread-safe.
 */
public final class EnvelopePolicy {
    private final Directory directory;
    private final Router router;

    /** @param router says where mail for our recipients will go once it is taken; asked without effects */
    public EnvelopePolicy(Directory directory, Router router) {
        this.directory = directory;
        this.router = router;
    }

    /** Decides at MAIL FROM. The sender of mail from elsewhere proves nothing by itself, the null sender least of all. */
    Decision sender(SmtpClient client, Optional<Address> sender, long size) {
        return Decision.ACCEPT;
    }

    /** Decides at RCPT TO: later would mean a bounce to a sender who may be forged. */
    Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
        return switch (directory.resolve(recipient)) {
            case Resolution.Mailbox ignored -> Decision.ACCEPT;
            case Resolution.Forward ignored -> alias(recipient);
            case Resolution.UnknownUser() ->
                Decision.refuse(550, "5.1.1", "<" + recipient + ">: Recipient address rejected: User unknown");
            // A server without any domain has lost its directory, or is not set up yet: nobody's mail is to blame.
            case Resolution.NotLocal()
            when directory.domains().isEmpty() ->
                Decision.refuse(451, "4.3.5", "This server has no domains at present");
            case Resolution.NotLocal() -> Decision.refuse(554, "5.7.1", "<" + recipient + ">: Relay access denied");
        };
    }

    /** An alias that leads nowhere would have its mail returned to a sender who may be forged. */
    private Decision alias(Address recipient) {
        String text = "<" + recipient + ">: Recipient address rejected: ";
        return switch (router.route(recipient)) {
            case Router.Route.To _ -> Decision.ACCEPT;
            case Router.Route.Unroutable(String status, var _) ->
                Decision.refuse(550, status, text + "its alias leads nowhere");
            case Router.Route.Unknown(String status, var _) ->
                Decision.refuse(451, status, text + "cannot be looked up at present");
        };
    }

    /** The accounts here that mail for these recipients will reach, through aliases too; in canonical form. */
    Set<Address> accounts(List<Address> recipients) {
        Set<Address> accounts = new HashSet<>();
        for (Address recipient : recipients) {
            if (router.route(recipient) instanceof Router.Route.To(List<Router.Hop> hops)) {
                for (Router.Hop hop : hops) {
                    if (hop.destination().kind() == Destination.Kind.LOCAL) {
                        accounts.add(account(hop.destination().name()));
                    }
                }
            }
        }
        return accounts;
    }

    private static Address account(String name) {
        try {
            return Address.parse(name).canonical();
        } catch (MalformedAddressException e) {
            throw new IllegalStateException("an account of the directory is no address: " + name, e);
        }
    }
}
