package org.posthorn.flow.inbound;

import java.util.Optional;
import org.posthorn.directory.Directory;
import org.posthorn.directory.Resolution;
import org.posthorn.flow.MessageIntake.Decision;
import org.posthorn.flow.SmtpClient;
import org.posthorn.mail.Address;

/**
 * Decides about sender and recipients of mail that nobody has signed in for: any sender, our own recipients only.
 * Thread-safe.
 */
public final class EnvelopePolicy {
    private final Directory directory;

    public EnvelopePolicy(Directory directory) {
        this.directory = directory;
    }

    /** Decides at MAIL FROM. The sender of mail from elsewhere proves nothing by itself, the null sender least of all. */
    Decision sender(SmtpClient client, Optional<Address> sender, long size) {
        return Decision.ACCEPT;
    }

    /** Decides at RCPT TO: later would mean a bounce to a sender who may be forged. */
    Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
        return switch (directory.resolve(recipient)) {
            case Resolution.Mailbox ignored -> Decision.ACCEPT;
            case Resolution.Forward ignored -> Decision.ACCEPT;
            case Resolution.UnknownUser() ->
                Decision.refuse(550, "5.1.1", "<" + recipient + ">: Recipient address rejected: User unknown");
            case Resolution.NotLocal() -> Decision.refuse(554, "5.7.1", "<" + recipient + ">: Relay access denied");
        };
    }
}
