package org.posthorn.delivery.bounce;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.dsn.DeliveryReport;
import org.posthorn.protocol.dsn.Notification;
import org.posthorn.protocol.dsn.RecipientStatus;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Notifier;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.queue.Spool;

/** Writes notifications into the spool. Thread-safe. */
public final class BounceNotifier implements Notifier {
    private static final String AUTHOR = "MAILER-DAEMON";
    private static final int BLOCK = 8 * 1024;

    private final BounceConfig config;
    private final Predicate<Domain> isLocal;
    private final Spool spool;
    private final InstantSource clock;
    private final MailLog log;
    private final SecureRandom random = new SecureRandom();

    /** @param isLocal whether a domain is ours: its users get notifications from their own domain */
    public BounceNotifier(
            BounceConfig config, Predicate<Domain> isLocal, Spool spool, InstantSource clock, MailLog log) {
        this.config = config;
        this.isLocal = isLocal;
        this.spool = spool;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void failed(QueuedMessage message, List<Undelivered> all) throws IOException {
        List<Undelivered> recipients = wanted(all, Envelope.Notify.FAILURE);
        if (recipients.isEmpty()) {
            return;
        }
        Optional<String> doubt = doubt(message.envelope());
        if (doubt.isPresent()) {
            recipients.forEach(lost -> withheld(message, doubt.get(), lost));
            return;
        }
        Optional<Address> sender = message.envelope().sender();
        if (sender.isPresent()) {
            notify(message, sender.get(), DeliveryReport.Action.FAILED, recipients, Optional.empty());
            return;
        }
        // RFC 5321 6.1: a notification about a notification is never sent to its sender, which has no address anyway.
        recipients.forEach(lost -> log.warning(
                "bounce",
                message.id().text(),
                "undeliverable-notification-dropped",
                "recipient",
                lost.recipient().address(),
                "reason",
                lost.outcome().text()));
        if (config.postmaster().isPresent() && recipients.stream().noneMatch(this::isForPostmaster)) {
            Address postmaster = config.postmaster().get();
            notify(message, postmaster, DeliveryReport.Action.FAILED, recipients, Optional.empty());
        }
    }

    /** Those of whom the sender wants to hear (RFC 3461 4.1). */
    private static List<Undelivered> wanted(List<Undelivered> all, Envelope.Notify event) {
        return all.stream().filter(lost -> lost.recipient().wants(event)).toList();
    }

    /** Why whoever the envelope names is most likely a stranger to the message, who should hear nothing of it. */
    private Optional<String> doubt(Envelope envelope) {
        if (envelope.quarantined()) {
            return Optional.of("suspicious-mail-not-returned");
        }
        return envelope.senderUnproven() && !config.unprovenSenders()
                ? Optional.of("unproven-sender-not-told")
                : Optional.empty();
    }

    private void withheld(QueuedMessage message, String doubt, Undelivered lost) {
        log.warning(
                "bounce",
                message.id().text(),
                doubt,
                "sender",
                message.envelope().sender().map(Address::toString).orElse(""),
                "recipient",
                lost.recipient().address(),
                "reason",
                lost.outcome().text());
    }

    /** The postmaster's own copy that fails must not make another one. */
    private boolean isForPostmaster(Undelivered lost) {
        return config.postmaster().filter(lost.recipient().address()::equals).isPresent();
    }

    @Override
    public void delayed(QueuedMessage message, List<Undelivered> all, Instant giveUp) throws IOException {
        List<Undelivered> recipients = wanted(all, Envelope.Notify.DELAY);
        Optional<Address> sender = message.envelope().sender();
        if (!recipients.isEmpty()
                && sender.isPresent()
                && doubt(message.envelope()).isEmpty()) {
            notify(message, sender.get(), DeliveryReport.Action.DELAYED, recipients, Optional.of(giveUp));
        }
    }

    private void notify(
            QueuedMessage message,
            Address to,
            DeliveryReport.Action action,
            List<Undelivered> recipients,
            Optional<Instant> giveUp)
            throws IOException {
        Instant now = clock.instant();
        Domain author = isLocal.test(to.domain()) ? to.domain() : config.host();
        DeliveryReport report = new DeliveryReport(
                action,
                config.host().name(),
                message.id().text(),
                to,
                new Address(AUTHOR, author),
                message.arrived(),
                now,
                giveUp,
                recipients.stream().map(BounceNotifier::status).toList());
        Notification notification = Notification.of(report, message.content(), config.returnLimit(), unique(), now);
        try (Draft draft = spool.begin()) {
            try (OutputStream out = new BufferedOutputStream(new DraftStream(draft), BLOCK)) {
                notification.writeTo(out);
            }
            Envelope envelope =
                    new Envelope(Optional.empty(), List.of(to), report.needsSmtpUtf8(), notification.isEightBit());
            draft.commit(envelope, new byte[0]);
            String kind = action == DeliveryReport.Action.FAILED ? "non-delivery" : "delay";
            // The line that Postfix writes.
            log.line("bounce", message.id().text(), "sender " + kind + " notification: " + draft.id());
        }
    }

    private String unique() {
        return new BigInteger(100, random).toString(36).toUpperCase(Locale.ROOT);
    }

    private static RecipientStatus status(Undelivered lost) {
        DeliveryOutcome outcome = lost.outcome();
        return new RecipientStatus(
                lost.recipient().address(),
                outcome.status(),
                host(outcome.relay()),
                outcome.text(),
                switch (outcome) {
                    case DeliveryOutcome.Failed failed -> failed.remote();
                    case DeliveryOutcome.Deferred deferred -> deferred.remote();
                    case DeliveryOutcome.Delivered _ -> false;
                });
    }

    /** The host of a relay in the log's form {@code host[address]:port}. */
    private static Optional<String> host(String relay) {
        int bracket = relay.indexOf('[');
        return bracket > 0 ? Optional.of(relay.substring(0, bracket)) : Optional.empty();
    }

    /** Writes into a draft. */
    private static final class DraftStream extends OutputStream {
        private final Draft draft;

        DraftStream(Draft draft) {
            this.draft = draft;
        }

        @Override
        public void write(int octet) throws IOException {
            draft.write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            draft.write(bytes, offset, length);
        }
    }
}
