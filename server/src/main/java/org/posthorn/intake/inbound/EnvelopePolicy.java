package org.posthorn.intake.inbound;

import java.util.List;
import java.util.Optional;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.Resolution;
import org.posthorn.intake.MailDestinations;
import org.posthorn.intake.MessageIntake.Decision;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
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
        try {
            return switch (directory.resolve(recipient)) {
                case Resolution.Mailbox _ -> Decision.ACCEPT;
                case Resolution.Forward _ -> MailDestinations.ofAlias(router, recipient);
                case Resolution.UnknownUser() ->
                    Decision.refuse(550, "5.1.1", "<" + recipient + ">: Recipient address rejected: User unknown");
                // A server without any domain has lost its directory, or is not set up yet: nobody's mail is to blame.
                case Resolution.NotLocal()
                when directory.domains().isEmpty() ->
                    Decision.refuse(451, "4.3.5", "This server has no domains at present");
                case Resolution.NotLocal() -> Decision.refuse(554, "5.7.1", "<" + recipient + ">: Relay access denied");
            };
        } catch (DirectoryException e) {
            return MailDestinations.lookUpFailed(recipient);
        }
    }

    /** Where mail for these recipients will go. */
    MailDestinations destinations(List<Address> recipients) {
        return MailDestinations.of(router, recipients);
    }
}
