package org.posthorn.intake.submission;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.Resolution;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MailDestinations;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.ReceivedField;
import org.posthorn.intake.SmtpClient;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Router;
import org.posthorn.queue.Spool;
import org.posthorn.signing.DkimSigners;

/** Takes mail from signed-in accounts. Thread-safe. */
public final class SubmissionPipeline implements MessageIntake {
    static final String COMPONENT = "submission/smtpd";

    private final Directory directory;
    private final Router router;
    private final Spool spool;
    private final SubmittedMessage.Parts parts;

    /**
     * Takes mail into a spool.
     *
     * @param router says where mail for our recipients will go once it is taken; asked without effects
     * @param random makes the Message-ID of messages that have none; need not be unpredictable
     */
    public SubmissionPipeline(
            SubmissionConfig config,
            Directory directory,
            Router router,
            Spool spool,
            DkimSigners signers,
            InstantSource clock,
            RandomGenerator random,
            MailLog log) {
        this.directory = directory;
        this.router = router;
        this.spool = spool;
        ReceivedField received = new ReceivedField(config.hostname(), clock);
        this.parts = new SubmittedMessage.Parts(config, directory, spool, signers, received, clock, random, log);
    }

    @Override
    public Decision sender(SmtpClient client, Optional<Address> sender, long size) {
        Optional<Address> account = client.account();
        if (account.isEmpty()) {
            return Decision.refuse(530, "5.7.0", "Authentication required");
        }
        // The null sender is what disposition notifications are sent with (RFC 8098 3); From is checked all the same.
        if (sender.isPresent() && !directory.maySendAs(account.get(), sender.get())) {
            return Decision.refuse(
                    553, "5.7.1", "<" + sender.get() + ">: Sender address rejected: not owned by " + account.get());
        }
        if (!spool.hasRoomFor(size)) {
            // RFC 1870 6.2: at MAIL already, before the text has crossed the wire for nothing.
            return new Decision.Refuse(IncomingMessage.Verdict.NO_ROOM.reply());
        }
        return Decision.ACCEPT;
    }

    @Override
    public Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
        if (client.account().isEmpty()) {
            return Decision.refuse(530, "5.7.0", "Authentication required");
        }
        try {
            return switch (directory.resolve(recipient)) {
                case Resolution.Mailbox _, Resolution.NotLocal _ -> Decision.ACCEPT;
                case Resolution.Forward _ -> MailDestinations.ofAlias(router, recipient);
                case Resolution.UnknownUser() ->
                    Decision.refuse(550, "5.1.1", "<" + recipient + ">: Recipient address rejected: User unknown");
            };
        } catch (DirectoryException e) {
            return MailDestinations.lookUpFailed(recipient);
        }
    }

    @Override
    public IncomingMessage begin(SmtpClient client, Envelope envelope) {
        Optional<Address> account = client.account();
        if (account.isEmpty()) {
            return IncomingMessage.refused(
                    new IncomingMessage.Verdict.Rejected(SmtpReply.of(530, "5.7.0", "Authentication required")));
        }
        try {
            MailDestinations destinations = MailDestinations.of(router, envelope.addresses());
            return new SubmittedMessage(parts, client, account.get(), envelope, destinations, spool.begin());
        } catch (IOException e) {
            parts.log().failure(MailLog.Level.ERROR, COMPONENT, client.session(), "spool-unavailable", e);
            return IncomingMessage.refused(IncomingMessage.Verdict.NO_ROOM);
        }
    }
}
