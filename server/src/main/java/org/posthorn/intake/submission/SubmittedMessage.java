package org.posthorn.intake.submission;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.directory.Directory;
import org.posthorn.intake.HeaderScan;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MailDestinations;
import org.posthorn.intake.MessageDraft;
import org.posthorn.intake.ReceivedField;
import org.posthorn.intake.SmtpClient;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
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
final class SubmittedMessage implements IncomingMessage, MessageDraft.Reader {
    /** Quoted-printable and folds make a header longer. */
    private static final int MAX_REWRITTEN = 2 * HeaderScan.MAX_HEADER;

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
    private MessageDraft draft;
    private BodyHash bodyHash = new BodyHash(Canonicalization.RELAXED);
    private Optional<SubmittedHeader> header = Optional.empty();

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
        this.draft = new MessageDraft(draft, HeaderScan.MAX_HEADER, this);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        lines.look(bytes, offset, length);
        draft.write(bytes, offset, length);
    }

    @Override
    public Optional<Verdict> header(HeaderScanner.Scanned scanned) {
        String unique = draft.id() + "." + Long.toHexString(parts.random().nextLong());
        var completion = new SubmittedHeader.Completion(
                account, parts.clock().instant().atZone(ZoneId.systemDefault()).toOffsetDateTime(), unique);
        return switch (SubmittedHeader.judge(scanned, parts.directory(), completion)) {
            case SubmittedHeader.Judgement.Bad(var reply) -> Optional.of(new Verdict.Rejected(reply));
            case SubmittedHeader.Judgement.Good(var good) -> {
                header = Optional.of(good);
                draft.fields(good.fields());
                // Better here, before the eyes of who sends it, than by a notification.
                yield destinations.loop(draft.header()).map(_ -> new Verdict.Rejected(MailDestinations.LOOP));
            }
        };
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
        bodyHash.update(bytes, offset, length);
    }

    @Override
    public Verdict finish() {
        Optional<Verdict> refusal;
        try {
            refusal = draft.end();
            if (refusal.isEmpty() && lines.needed()) {
                rewrite();
            }
        } catch (IOException e) {
            refusal = Optional.of(spoolFailed(e));
        }
        parts.log().line(SubmissionPipeline.COMPONENT, draft.id(), client.logText("unknown"));
        if (refusal.isEmpty()) {
            try {
                return signAndCommit(header.orElseThrow());
            } catch (IOException e) {
                refusal = Optional.of(spoolFailed(e));
            }
        }
        Verdict verdict = refusal.get();
        parts.log()
                .line(
                        "cleanup",
                        draft.id(),
                        "reject: " + MailLog.safe(verdict.reply().toString()));
        return verdict;
    }

    private Verdict spoolFailed(IOException cause) {
        parts.log().failure(MailLog.Level.ERROR, SubmissionPipeline.COMPONENT, draft.id(), "spool-failed", cause);
        return Verdict.NO_ROOM;
    }

    /** Under a new id, with lines that every server takes. */
    private void rewrite() throws IOException {
        Rewritten reader = new Rewritten();
        MessageDraft other = new MessageDraft(parts.spool().begin(), MAX_REWRITTEN, reader);
        boolean done = false;
        try {
            ShorterLines.rewrite(draft, other);
            done = other.end().isEmpty();
        } finally {
            (done ? draft : other).close();
        }
        if (!done) {
            throw new IOException("the header has become too large with shorter lines");
        }
        draft = other;
        bodyHash = reader.hash;
    }

    /** Takes in what has been judged already. */
    private static final class Rewritten implements MessageDraft.Reader {
        private final BodyHash hash = new BodyHash(Canonicalization.RELAXED);

        @Override
        public Optional<Verdict> header(HeaderScanner.Scanned scanned) {
            return Optional.empty();
        }

        @Override
        public void body(byte[] bytes, int offset, int length) {
            hash.update(bytes, offset, length);
        }
    }

    private Verdict signAndCommit(SubmittedHeader complete) throws IOException {
        String id = draft.id();
        parts.log().line("cleanup", id, "message-id=" + MailLog.safe(complete.messageId()));
        ByteArrayOutputStream before = new ByteArrayOutputStream(2048);
        Optional<DkimSigner> signer;
        try {
            signer = parts.signers().of(complete.from());
        } catch (IOException e) {
            parts.log().failure(MailLog.Level.ERROR, SubmissionPipeline.COMPONENT, id, "dkim-no-key", e);
            return new Verdict.Deferred(SmtpReply.of(451, "4.7.5", "Cannot sign the message at present"));
        }
        if (signer.isPresent()) {
            String signatures = signer.get()
                    .sign(draft.fields(), bodyHash.finish(), parts.clock().instant());
            before.writeBytes(signatures.getBytes(StandardCharsets.ISO_8859_1));
        }
        before.writeBytes(
                parts.config().hideClient()
                        ? parts.received().textWithoutClient(client, envelope, id)
                        : parts.received().text(client, envelope, id));
        draft.commit(envelope, before.toByteArray());
        return new Verdict.Accepted(id);
    }

    @Override
    public void close() {
        draft.close();
    }
}
