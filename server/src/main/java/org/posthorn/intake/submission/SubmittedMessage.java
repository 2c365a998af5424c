package org.posthorn.intake.submission;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.directory.Directory;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MailDestinations;
import org.posthorn.intake.ReceivedField;
import org.posthorn.intake.SmtpClient;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.DeliveredTo;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Spool;
import org.posthorn.signing.DkimSigners;

/** One submitted message on its way into the spool. */
final class SubmittedMessage implements IncomingMessage {
    static final SmtpReply NO_ROOM = SmtpReply.of(452, "4.3.1", "Insufficient system storage");

    private static final SmtpReply HEADER_TOO_LARGE = SmtpReply.of(552, "5.3.4", "Message header too large");
    private static final int MAX_HEADER = 256 << 10;

    /** What all messages share. */
    record Parts(
            SubmissionConfig config,
            Directory directory,
            Spool spool,
            DkimSigners signers,
            ReceivedField received,
            InstantSource clock,
            RandomGenerator random,
            MailLog log) {}

    private final Parts parts;
    private final SmtpClient client;
    private final Address account;
    private final Envelope envelope;
    private final MailDestinations destinations;
    private final ShorterLines lines = new ShorterLines();
    private Draft draft;
    private final HeaderScanner scanner = new HeaderScanner(MAX_HEADER);
    private BodyHash bodyHash = new BodyHash(Canonicalization.RELAXED);
    private Optional<SubmittedHeader> header = Optional.empty();
    private Optional<Verdict> failed = Optional.empty();

    SubmittedMessage(
            Parts parts,
            SmtpClient client,
            Address account,
            Envelope envelope,
            MailDestinations destinations,
            Draft draft) {
        this.parts = parts;
        this.client = client;
        this.account = account;
        this.envelope = envelope;
        this.destinations = destinations;
        this.draft = draft;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failed.isPresent()) {
            return;
        }
        lines.look(bytes, offset, length);
        try {
            int taken = 0;
            if (header.isEmpty()) {
                taken = scanner.feed(bytes, offset, length);
                if (scanner.isTooLarge()) {
                    failed = Optional.of(new Verdict.Rejected(HEADER_TOO_LARGE));
                    return;
                }
                if (!scanner.isComplete()) {
                    return;
                }
                endHeader();
            }
            if (failed.isEmpty()) {
                bodyHash.update(bytes, offset + taken, length - taken);
                draft.write(bytes, offset + taken, length - taken);
            }
        } catch (IOException e) {
            spoolFailed(e);
        }
    }

    private void endHeader() throws IOException {
        String unique =
                draft.id().text() + "." + Long.toHexString(parts.random().nextLong());
        var completion = new SubmittedHeader.Completion(
                account, parts.clock().instant().atZone(ZoneId.systemDefault()).toOffsetDateTime(), unique);
        switch (SubmittedHeader.judge(scanner.scanned(), parts.directory(), completion)) {
            case SubmittedHeader.Judgement.Bad(var reply) -> failed = Optional.of(new Verdict.Rejected(reply));
            case SubmittedHeader.Judgement.Good(var good) -> {
                header = Optional.of(good);
                byte[] octets = good.octets();
                DeliveredTo delivered = new DeliveredTo(destinations.accounts());
                delivered.scan(octets, 0, octets.length);
                if (destinations.allHad(delivered.found())) {
                    // Better here, before the eyes of who sends it, than by a notification.
                    failed = Optional.of(new Verdict.Rejected(MailDestinations.LOOP));
                }
                draft.write(octets, 0, octets.length);
            }
        }
    }

    @Override
    public Verdict finish() {
        try {
            if (failed.isEmpty() && header.isEmpty()) {
                // RFC 5322 2.1: a message may consist of a header alone.
                endHeader();
            }
            if (failed.isEmpty() && header.isPresent()) {
                return signAndCommit(lines.needed() ? rewritten(header.get()) : header.get());
            }
        } catch (IOException e) {
            spoolFailed(e);
        }
        Verdict verdict = failed.orElseGet(() -> new Verdict.Deferred(NO_ROOM));
        String id = draft.id().text();
        logClient(id);
        parts.log()
                .line("cleanup", id, "reject: " + MailLog.safe(verdict.reply().toString()));
        return verdict;
    }

    /** The message under a new id, with lines that every server takes. */
    private SubmittedHeader rewritten(SubmittedHeader complete) throws IOException {
        Draft other = parts.spool().begin();
        boolean done = false;
        try {
            BodyHash hash = new BodyHash(Canonicalization.RELAXED);
            SubmittedHeader shorter = ShorterLines.rewrite(draft, other, complete, hash, 2 * MAX_HEADER);
            draft.close();
            draft = other;
            bodyHash = hash;
            done = true;
            return shorter;
        } finally {
            if (!done) {
                other.close();
            }
        }
    }

    private Verdict signAndCommit(SubmittedHeader complete) throws IOException {
        String id = draft.id().text();
        logClient(id);
        parts.log().line("cleanup", id, "message-id=" + MailLog.safe(complete.messageId()));
        ByteArrayOutputStream prefix = new ByteArrayOutputStream(2048);
        Optional<DkimSigner> signer;
        try {
            signer = parts.signers().of(complete.from());
        } catch (IOException e) {
            parts.log().failure(MailLog.Level.ERROR, SubmissionPipeline.COMPONENT, id, "dkim-no-key", e);
            return new Verdict.Deferred(SmtpReply.of(451, "4.7.5", "Cannot sign the message at present"));
        }
        if (signer.isPresent()) {
            String signatures = signer.get()
                    .sign(complete.fields(), bodyHash.finish(), parts.clock().instant());
            prefix.writeBytes(signatures.getBytes(StandardCharsets.ISO_8859_1));
        }
        prefix.writeBytes(
                parts.config().hideClient()
                        ? parts.received().textWithoutClient(client, envelope, id)
                        : parts.received().text(client, envelope, id));
        draft.commit(envelope, prefix.toByteArray());
        return new Verdict.Accepted(id, SmtpReply.of(250, "2.0.0", "Ok: queued as " + id));
    }

    private void logClient(String id) {
        parts.log()
                .line(
                        SubmissionPipeline.COMPONENT,
                        id,
                        "client=unknown[" + client.remote().getAddress().getHostAddress() + "], sasl_username="
                                + MailLog.safe(account.toString()) + ", session=" + client.session());
    }

    private void spoolFailed(IOException e) {
        parts.log()
                .failure(
                        MailLog.Level.ERROR,
                        SubmissionPipeline.COMPONENT,
                        draft.id().text(),
                        "spool-failed",
                        e);
        failed = Optional.of(new Verdict.Deferred(NO_ROOM));
    }

    @Override
    public void close() {
        draft.close();
    }
}
