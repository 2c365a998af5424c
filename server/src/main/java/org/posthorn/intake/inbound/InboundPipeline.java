package org.posthorn.intake.inbound;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.ReceivedField;
import org.posthorn.intake.SmtpClient;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.Spool;

/** Takes mail from elsewhere. Thread-safe. */
public final class InboundPipeline implements MessageIntake {
    private final EnvelopePolicy policy;
    private final Spool spool;
    private final InboundMessage.Parts parts;

    /** @param hostname our name, for the Received field */
    public InboundPipeline(
            EnvelopePolicy policy,
            Spool spool,
            String hostname,
            InboundAuthentication authentication,
            ForwardSealer sealer,
            InstantSource clock,
            MailLog log) {
        this.policy = policy;
        this.spool = spool;
        this.parts = new InboundMessage.Parts(authentication, sealer, new ReceivedField(hostname, clock), log);
    }

    @Override
    public Decision sender(SmtpClient client, Optional<Address> sender, long size) {
        Decision decision = policy.sender(client, sender, size);
        if (decision instanceof Decision.Accept && !spool.hasRoomFor(size)) {
            // RFC 1870 6.2: at MAIL already, before the text has crossed the wire for nothing.
            return new Decision.Refuse(IncomingMessage.Verdict.NO_ROOM.reply());
        }
        return decision;
    }

    @Override
    public Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
        return policy.recipient(client, sender, recipient);
    }

    @Override
    public IncomingMessage begin(SmtpClient client, Envelope envelope) {
        try {
            return new InboundMessage(parts, client, envelope, policy::destinations, spool.begin());
        } catch (IOException e) {
            parts.log()
                    .failure(MailLog.Level.ERROR, InboundMessage.COMPONENT, client.session(), "spool-unavailable", e);
            return IncomingMessage.refused(IncomingMessage.Verdict.NO_ROOM);
        }
    }
}
