package org.posthorn.flow.inbound;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.posthorn.flow.HeaderScan;
import org.posthorn.flow.IncomingMessage;
import org.posthorn.flow.MessageIntake;
import org.posthorn.flow.ReceivedField;
import org.posthorn.flow.SmtpClient;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Spool;

/** Takes mail from elsewhere. Thread-safe. */
public final class InboundPipeline implements MessageIntake {
    private static final String COMPONENT = "smtpd";

    private final EnvelopePolicy policy;
    private final Spool spool;
    private final ReceivedField received;
    private final MailLog log;

    /** @param hostname our name, for the Received field */
    public InboundPipeline(EnvelopePolicy policy, Spool spool, String hostname, InstantSource clock, MailLog log) {
        this.policy = policy;
        this.spool = spool;
        this.received = new ReceivedField(hostname, clock);
        this.log = log;
    }

    @Override
    public Decision sender(SmtpClient client, Optional<Address> sender, long size) {
        return policy.sender(client, sender, size);
    }

    @Override
    public Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
        return policy.recipient(client, sender, recipient);
    }

    @Override
    public IncomingMessage begin(SmtpClient client, Envelope envelope) {
        try {
            return new Message(client, envelope, spool.begin());
        } catch (IOException e) {
            log.failure(MailLog.Level.ERROR, COMPONENT, client.session(), "spool-unavailable", e);
            return new Unavailable();
        }
    }

    /** One message on its way through. */
    private final class Message implements IncomingMessage {
        private final SmtpClient client;
        private final Envelope envelope;
        private final Draft draft;
        private final HeaderScan header = new HeaderScan();
        private Optional<IOException> failure = Optional.empty();

        Message(SmtpClient client, Envelope envelope, Draft draft) {
            this.client = client;
            this.envelope = envelope;
            this.draft = draft;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            header.scan(bytes, offset, length);
            if (failure.isPresent()) {
                return;
            }
            try {
                draft.write(bytes, offset, length);
            } catch (IOException e) {
                failure = Optional.of(e);
            }
        }

        @Override
        public Verdict finish() {
            header.end();
            String id = draft.id().text();
            log.line(
                    COMPONENT,
                    id,
                    "client=unknown[" + client.remote().getAddress().getHostAddress() + "], session="
                            + client.session());
            log.line("cleanup", id, "message-id=" + MailLog.safe(header.messageId()));
            Optional<SmtpReply> fault = header.fault();
            if (fault.isPresent()) {
                log.line("cleanup", id, "reject: header: " + fault.get());
                return new Verdict.Rejected(fault.get());
            }
            return commit(id);
        }

        private Verdict commit(String id) {
            try {
                if (failure.isPresent()) {
                    throw failure.get();
                }
                draft.commit(envelope, received.text(client, envelope, id));
                return new Verdict.Accepted(id, SmtpReply.of(250, "2.0.0", "Ok: queued as " + id));
            } catch (IOException e) {
                log.failure(MailLog.Level.ERROR, COMPONENT, id, "spool-failed", e);
                return new Verdict.Deferred(NO_ROOM);
            }
        }

        @Override
        public void close() {
            draft.close();
        }
    }

    private static final SmtpReply NO_ROOM = SmtpReply.of(452, "4.3.1", "Insufficient system storage");

    /** Stands for a message that the spool could not begin. */
    private static final class Unavailable implements IncomingMessage {
        @Override
        public void write(byte[] bytes, int offset, int length) {}

        @Override
        public Verdict finish() {
            return new Verdict.Deferred(NO_ROOM);
        }

        @Override
        public void close() {}
    }
}
