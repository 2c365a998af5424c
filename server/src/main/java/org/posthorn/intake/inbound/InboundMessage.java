package org.posthorn.intake.inbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.posthorn.intake.HeaderScan;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MailDestinations;
import org.posthorn.intake.ReceivedField;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.intake.authentication.MessageAuthentication;
import org.posthorn.log.MailLog;
import org.posthorn.mail.DeliveredTo;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Draft;

/** One message from elsewhere on its way into the spool: its header is held back until it is whole, its body passes through. */
final class InboundMessage implements IncomingMessage {
    static final String COMPONENT = "smtpd";
    static final SmtpReply NO_ROOM = SmtpReply.of(452, "4.3.1", "Insufficient system storage");

    private static final byte[] CRLF = {'\r', '\n'};

    /** What all messages share. */
    record Parts(InboundAuthentication authentication, ForwardSealer sealer, ReceivedField received, MailLog log) {}

    private final Parts parts;
    private final SmtpClient client;
    private final Envelope envelope;
    private final Draft draft;
    private final MailDestinations destinations;
    private final DeliveredTo delivered;
    private final HeaderScanner scanner = new HeaderScanner(HeaderScan.MAX_HEADER);
    private final Optional<MessageAuthentication> authentication;
    /** In whose name the message is sealed; empty for one that stays here, or is not judged. */
    private final Optional<Domain> forwarder;

    private HeaderScan scan = HeaderScan.TOO_LARGE;
    private List<HeaderField> kept = List.of();
    private boolean inBody;
    private Optional<IOException> failure = Optional.empty();

    InboundMessage(Parts parts, SmtpClient client, Envelope envelope, MailDestinations destinations, Draft draft) {
        this.parts = parts;
        this.client = client;
        this.envelope = envelope;
        this.destinations = destinations;
        this.delivered = new DeliveredTo(destinations.accounts());
        this.draft = draft;
        this.authentication = parts.authentication().begin(client, envelope);
        this.forwarder = authentication.isPresent() ? parts.sealer().forwarder(envelope) : Optional.empty();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failure.isPresent() || scanner.isTooLarge()) {
            return;
        }
        try {
            int taken = inBody ? 0 : scanner.feed(bytes, offset, length);
            if (!inBody && scanner.isComplete()) {
                endHeader();
            }
            if (inBody) {
                body(bytes, offset + taken, length - taken);
            }
        } catch (IOException e) {
            failure = Optional.of(e);
        }
    }

    private void endHeader() throws IOException {
        inBody = true;
        HeaderScanner.Scanned scanned = scanner.scanned();
        scan = HeaderScan.of(scanned);
        scanned.stray()
                .ifPresent(line -> parts.log().info("cleanup", draft.id().text(), "not-a-header-field", "line", line));
        for (HeaderField field : scanned.fields()) {
            if (parts.authentication().isForged(field)) {
                parts.log()
                        .info("cleanup", draft.id().text(), "forged-authentication-results", "field", field.unfolded());
            } else {
                put(field.raw().getBytes(StandardCharsets.ISO_8859_1));
                put(CRLF);
            }
        }
        authentication.ifPresent(message -> message.header(scanned.fields()));
        if (forwarder.isPresent()) {
            kept = scanned.fields().stream()
                    .filter(field -> !parts.authentication().isForged(field))
                    .toList();
            authentication.ifPresent(MessageAuthentication::hashForSeal);
        }
        put(CRLF);
        byte[] early = scanned.body().getBytes(StandardCharsets.ISO_8859_1);
        body(early, 0, early.length);
    }

    private void body(byte[] bytes, int offset, int length) throws IOException {
        authentication.ifPresent(message -> message.body(bytes, offset, length));
        store(bytes, offset, length);
    }

    private void put(byte[] bytes) throws IOException {
        store(bytes, 0, bytes.length);
    }

    /** Local delivery will read these very octets, so its question is asked of them. */
    private void store(byte[] bytes, int offset, int length) throws IOException {
        delivered.scan(bytes, offset, length);
        draft.write(bytes, offset, length);
    }

    @Override
    public Verdict finish() {
        String id = draft.id().text();
        String name = authentication.flatMap(MessageAuthentication::clientName).orElse("unknown");
        parts.log()
                .line(
                        COMPONENT,
                        id,
                        "client=" + MailLog.safe(name) + "["
                                + client.remote().getAddress().getHostAddress() + "], session=" + client.session());
        try {
            if (failure.isPresent()) {
                throw failure.get();
            }
            if (!inBody && !scanner.isTooLarge()) {
                // RFC 5322 2.1: a message may consist of a header alone.
                endHeader();
            }
            parts.log().line("cleanup", id, "message-id=" + MailLog.safe(scan.messageId()));
            if (scan.fault().isPresent()) {
                return rejected(id, "header", scan.fault().get());
            }
            if (destinations.allHad(delivered.found())) {
                // Local delivery would return it to a sender who may be forged.
                return rejected(id, "loop of " + delivered.found().iterator().next(), MailDestinations.LOOP);
            }
            return authentication.isPresent() ? judge(id, name, authentication.get()) : commit(id, name, envelope, "");
        } catch (IOException e) {
            parts.log().failure(MailLog.Level.ERROR, COMPONENT, id, "spool-failed", e);
            return new Verdict.Deferred(NO_ROOM);
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
            case Disposition.Reject(SmtpReply reply, var _) -> rejected(id, "authentication", reply);
            case Disposition.Defer(SmtpReply reply, var _) -> {
                parts.log().line("cleanup", id, "reject: authentication: " + MailLog.safe(reply.toString()));
                yield new Verdict.Deferred(reply);
            }
        };
    }

    private String seal(String id, MessageAuthentication message, Authentication judged, String field) {
        if (forwarder.isEmpty() || judged.arc().isEmpty()) {
            return "";
        }
        return message.hashOfSeal()
                .map(hash -> parts.sealer().seal(id, forwarder.get(), kept, judged, field, hash))
                .orElse("");
    }

    private Verdict rejected(String id, String what, SmtpReply reply) {
        parts.log().line("cleanup", id, "reject: " + what + ": " + MailLog.safe(reply.toString()));
        return new Verdict.Rejected(reply);
    }

    private Verdict commit(String id, String name, Envelope judged, String field) throws IOException {
        ByteArrayOutputStream prefix = new ByteArrayOutputStream(1024);
        prefix.writeBytes(field.getBytes(StandardCharsets.UTF_8));
        prefix.writeBytes(parts.received().text(client, name, judged, id));
        draft.commit(judged, prefix.toByteArray());
        return new Verdict.Accepted(id, SmtpReply.of(250, "2.0.0", "Ok: queued as " + id));
    }

    @Override
    public void close() {
        draft.close();
    }
}
