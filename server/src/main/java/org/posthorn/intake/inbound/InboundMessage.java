package org.posthorn.intake.inbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.posthorn.intake.HeaderScan;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MailDestinations;
import org.posthorn.intake.MessageDraft;
import org.posthorn.intake.ReceivedField;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.intake.authentication.MessageAuthentication;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Draft;

/** One message from elsewhere on its way into the spool. */
final class InboundMessage implements IncomingMessage, MessageDraft.Reader {
    static final String COMPONENT = "smtpd";

    /** What all messages share. */
    record Parts(InboundAuthentication authentication, ForwardSealer sealer, ReceivedField received, MailLog log) {}

    private final Parts parts;
    private final SmtpClient client;
    private Envelope envelope;
    private final MessageDraft draft;
    /** Where mail for some recipients will go. */
    private final Function<List<Address>, MailDestinations> destinations;

    /** Where it goes altogether, asked before the text comes. */
    private final MailDestinations all;

    private final Optional<MessageAuthentication> authentication;
    /** In whose name the message is sealed; empty for one that stays here, or is not judged. */
    private final Optional<Domain> forwarder;

    private String messageId = "";
    /** What the header is refused for, in the log. */
    private String fault = "header";

    InboundMessage(
            Parts parts,
            SmtpClient client,
            Envelope envelope,
            Function<List<Address>, MailDestinations> destinations,
            Draft draft) {
        this.parts = parts;
        this.client = client;
        this.envelope = envelope;
        this.destinations = destinations;
        this.all = destinations.apply(envelope.addresses());
        this.draft = new MessageDraft(draft, HeaderScan.MAX_HEADER, this);
        this.authentication = parts.authentication().begin(client, envelope);
        this.forwarder = authentication.isPresent() ? parts.sealer().forwarder(envelope) : Optional.empty();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        draft.write(bytes, offset, length);
    }

    @Override
    public Optional<Verdict> header(HeaderScanner.Scanned scanned) {
        HeaderScan scan = HeaderScan.of(scanned);
        messageId = scan.messageId();
        scanned.stray().ifPresent(line -> parts.log().info("cleanup", draft.id(), "not-a-header-field", "line", line));
        draft.fields(scanned.fields().stream().filter(this::isGenuine).toList());
        if (scan.fault().isPresent()) {
            return scan.fault().map(Verdict.Rejected::new);
        }
        Optional<Address> loop = all.loop(draft.header());
        if (loop.isPresent()) {
            fault = "loop of " + loop.get();
            return Optional.of(new Verdict.Rejected(MailDestinations.LOOP));
        }
        authentication.ifPresent(message -> message.header(scanned.fields()));
        if (forwarder.isPresent()) {
            authentication.ifPresent(MessageAuthentication::hashForSeal);
        }
        return Optional.empty();
    }

    /** Results in our name that are not ours are taken out (RFC 8601 5). */
    private boolean isGenuine(HeaderField field) {
        boolean forged = parts.authentication().isForged(field);
        if (forged) {
            parts.log().info("cleanup", draft.id(), "forged-authentication-results", "field", field.unfolded());
        }
        return !forged;
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
        authentication.ifPresent(message -> message.body(bytes, offset, length));
    }

    @Override
    public Receipt finishForEach() {
        Map<Address, Verdict> apart = new HashMap<>();
        Verdict verdict = finish(() -> setLoopsApart(apart));
        return new Receipt(verdict, apart);
    }

    /** Recipients that have had the message: local delivery would return it to a sender who may be forged. */
    private void setLoopsApart(Map<Address, Verdict> apart) {
        Set<Address> had = all.had(draft.header());
        if (had.isEmpty()) {
            return;
        }
        for (Address recipient : envelope.addresses()) {
            if (destinations.apply(List.of(recipient)).isLoop(had)) {
                apart.put(recipient, new Verdict.Rejected(MailDestinations.LOOP));
            }
        }
        envelope = envelope.without(apart.keySet());
    }

    @Override
    public Verdict finish() {
        return finish(() -> {});
    }

    /** @param sift done once the header is known and not refused for all recipients */
    private Verdict finish(Runnable sift) {
        String id = draft.id();
        String name = authentication.flatMap(MessageAuthentication::clientName).orElse("unknown");
        parts.log().line(COMPONENT, id, client.logText(name));
        try {
            Optional<Verdict> refusal = draft.end();
            parts.log().line("cleanup", id, "message-id=" + MailLog.safe(messageId));
            if (refusal.isPresent()) {
                return rejected(id, fault, refusal.get());
            }
            sift.run();
            return authentication.isPresent() ? judge(id, name, authentication.get()) : commit(id, name, envelope, "");
        } catch (IOException e) {
            parts.log().failure(MailLog.Level.ERROR, COMPONENT, id, "spool-failed", e);
            return Verdict.NO_ROOM;
        }
    }

    private Verdict judge(String id, String name, MessageAuthentication message) throws IOException {
        Authentication judged = message.finish();
        String field = parts.authentication().field(judged);
        Envelope known = envelope.sender().map(judged::proves).orElse(true) ? envelope : envelope.doubtSender();
        return switch (parts.authentication().decide(id, envelope, judged)) {
            case Disposition.Accept _ -> commit(id, name, known, seal(id, message, judged, field) + field);
            case Disposition.Quarantine _ ->
                commit(id, name, known.quarantine(), seal(id, message, judged, field) + field);
            case Disposition.Reject(SmtpReply reply, var _) ->
                rejected(id, "authentication", new Verdict.Rejected(reply));
            case Disposition.Defer(SmtpReply reply, var _) ->
                rejected(id, "authentication", new Verdict.Deferred(reply));
        };
    }

    private String seal(String id, MessageAuthentication message, Authentication judged, String field) {
        if (forwarder.isEmpty() || judged.arc().isEmpty()) {
            return "";
        }
        return message.hashOfSeal()
                .map(hash -> parts.sealer().seal(id, forwarder.get(), draft.fields(), judged, field, hash))
                .orElse("");
    }

    private Verdict rejected(String id, String what, Verdict verdict) {
        parts.log()
                .line(
                        "cleanup",
                        id,
                        "reject: " + what + ": " + MailLog.safe(verdict.reply().toString()));
        return verdict;
    }

    private Verdict commit(String id, String name, Envelope judged, String field) throws IOException {
        ByteArrayOutputStream prefix = new ByteArrayOutputStream(1024);
        prefix.writeBytes(field.getBytes(StandardCharsets.UTF_8));
        prefix.writeBytes(parts.received().text(client, name, judged, id));
        draft.commit(judged, prefix.toByteArray());
        return new Verdict.Accepted(id);
    }

    @Override
    public void close() {
        draft.close();
    }
}
