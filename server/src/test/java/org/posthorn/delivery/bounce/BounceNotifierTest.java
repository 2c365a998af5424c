package org.posthorn.delivery.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Notifier.Undelivered;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.queue.Spool;
import org.posthorn.testing.RecordedLog;

class BounceNotifierTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Domain HOST = Domain.parse("mail.example.net");

    private record Committed(Envelope envelope, String text) {}

    private final List<Committed> committed = new ArrayList<>();
    private final RecordedLog log = new RecordedLog();
    private boolean full;

    private BounceNotifier notifier(Optional<Address> postmaster) {
        return notifier(new BounceConfig(HOST, BounceConfig.RETURN_LIMIT, false, postmaster));
    }

    private BounceNotifier notifier(BounceConfig config) {
        Spool spool = new Spool() {
            @Override
            public Draft begin() throws IOException {
                if (full) {
                    throw new IOException("no room");
                }
                return new MemoryDraft();
            }

            @Override
            public boolean hasRoomFor(long octets) {
                return false;
            }
        };
        return new BounceNotifier(
                config, domain -> domain.name().equals("example.net"), spool, InstantSource.fixed(NOW), log);
    }

    private final class MemoryDraft implements Draft {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        @Override
        public QueueId id() {
            return new QueueId("BOUNCE00001");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            out.write(bytes, offset, length);
        }

        @Override
        public long size() {
            return out.size();
        }

        @Override
        public MessageContent content() {
            return MessageContent.of(out.toByteArray());
        }

        @Override
        public void commit(Envelope envelope, byte[] prefix) {
            committed.add(new Committed(envelope, out.toString(StandardCharsets.UTF_8)));
        }

        @Override
        public void close() {}
    }

    private static QueuedMessage message(String sender) {
        Envelope envelope = new Envelope(
                sender.isEmpty() ? Optional.empty() : Optional.of(Address.parse(sender)),
                List.of(Address.parse("bob@example.org")),
                false,
                false);
        return new QueuedMessage(
                new QueueId("ORIGINAL001"),
                NOW.minusSeconds(60),
                envelope,
                MessageContent.of("Subject: x\r\n\r\nHello\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Undelivered refused(String recipient) {
        return refused(Envelope.Recipient.of(Address.parse(recipient)));
    }

    private static Undelivered refused(Envelope.Recipient recipient) {
        return new Undelivered(
                recipient,
                new DeliveryOutcome.Failed(
                        "mx.example.org[192.0.2.1]:25", EnhancedStatus.parse("5.1.1"), "550 5.1.1 no such user", true));
    }

    @Test
    void tellsTheSenderWithTheNullSenderFromItsOwnDomain() throws IOException {
        notifier(Optional.empty()).failed(message("alice@example.net"), List.of(refused("bob@example.org")));
        assertThat(committed).hasSize(1);
        assertThat(committed.getFirst().envelope())
                .isEqualTo(new Envelope(Optional.empty(), List.of(Address.parse("alice@example.net")), false, false));
        assertThat(committed.getFirst().text())
                .contains("From: Mail Delivery System <MAILER-DAEMON@example.net>\r\n")
                .contains("Remote-MTA: dns; mx.example.org\r\n")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n")
                .contains("\r\nHello\r\n");
        assertThat(log.lines()).containsExactly("bounce ORIGINAL001: sender non-delivery notification: BOUNCE00001");
    }

    private static Envelope.Recipient asking(String recipient, Envelope.Notify... events) {
        return new Envelope.Recipient(Address.parse(recipient), Set.of(events), Optional.empty());
    }

    /** RFC 3461 4.1. */
    @Test
    void tellsTheSenderOfThoseAloneWhomItWantsToHearOf() throws IOException {
        List<Undelivered> all = List.of(
                refused(asking("never@example.org", Envelope.Notify.NEVER)),
                refused(asking("success@example.org", Envelope.Notify.SUCCESS)),
                refused(asking("delay@example.org", Envelope.Notify.DELAY)),
                refused(asking("failure@example.org", Envelope.Notify.FAILURE)),
                refused("unasked@example.org"));
        notifier(Optional.empty()).failed(message("alice@example.net"), all);
        assertThat(committed.getFirst().text())
                .contains("failure@example.org", "unasked@example.org")
                .doesNotContain("never@example.org", "success@example.org", "delay@example.org");
        notifier(Optional.empty()).delayed(message("alice@example.net"), all, NOW.plusSeconds(86400));
        assertThat(committed.getLast().text())
                .contains("delay@example.org", "unasked@example.org")
                .doesNotContain("never@example.org", "success@example.org", "failure@example.org");
        notifier(Optional.empty()).failed(message("alice@example.net"), all.subList(0, 3));
        notifier(Optional.empty()).delayed(message("alice@example.net"), all.subList(0, 2), NOW.plusSeconds(86400));
        assertThat(committed).hasSize(2);
    }

    @Test
    void writesToSendersElsewhereFromTheHost() throws IOException {
        notifier(Optional.empty()).failed(message("x@example.com"), List.of(refused("bob@example.org")));
        assertThat(committed.getFirst().text()).contains("<MAILER-DAEMON@mail.example.net>");
    }

    @Test
    void tellsOfDelaysWithTheTimeWeGiveUp() throws IOException {
        Undelivered late = new Undelivered(
                Envelope.Recipient.of(Address.parse("bob@example.org")),
                new DeliveryOutcome.Deferred(
                        "none", EnhancedStatus.parse("4.4.1"), "connect to mx.example.org: Connection refused", false));
        notifier(Optional.empty()).delayed(message("alice@example.net"), List.of(late), NOW.plusSeconds(86400));
        assertThat(committed.getFirst().text())
                .contains("Action: delayed")
                .contains("Will-Retry-Until: Tue, 24 Nov 2026 12:00:00 +0000")
                .contains("Diagnostic-Code: X-Posthorn; connect to mx.example.org: Connection refused")
                .doesNotContain("Remote-MTA");
        assertThat(log.lines()).containsExactly("bounce ORIGINAL001: sender delay notification: BOUNCE00001");
    }

    @Test
    void neverAnswersTheNullSender() throws IOException {
        notifier(Optional.empty()).failed(message(""), List.of(refused("bob@example.org")));
        notifier(Optional.empty()).delayed(message(""), List.of(refused("bob@example.org")), NOW);
        assertThat(committed).isEmpty();
        assertThat(log.lines()).hasSize(1).first().asString().contains("undeliverable-notification-dropped");
    }

    @Test
    void suspiciousMailIsNeverAnswered() throws IOException {
        QueuedMessage plain = message("x@example.com");
        QueuedMessage quarantined =
                new QueuedMessage(plain.id(), plain.arrived(), plain.envelope().quarantine(), plain.content());
        BounceNotifier notifier = notifier(Optional.of(Address.parse("postmaster@example.net")));
        notifier.failed(quarantined, List.of(refused("bob@example.org")));
        notifier.delayed(quarantined, List.of(refused("bob@example.org")), NOW);
        assertThat(committed).isEmpty();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("suspicious-mail-not-returned")
                .contains("bob@example.org")
                .contains("no such user");
    }

    /** Who forges a sender and finds a forward that is refused shall not make us write to that sender. */
    @Test
    void sendersWhoMayBeForgedAreToldNothing() throws IOException {
        QueuedMessage plain = message("x@example.com");
        QueuedMessage doubtful =
                new QueuedMessage(plain.id(), plain.arrived(), plain.envelope().doubtSender(), plain.content());
        BounceNotifier notifier = notifier(Optional.of(Address.parse("postmaster@example.net")));
        notifier.failed(doubtful, List.of(refused("bob@example.org")));
        notifier.delayed(doubtful, List.of(refused("bob@example.org")), NOW);
        assertThat(committed).isEmpty();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("unproven-sender-not-told", "x@example.com", "bob@example.org", "no such user");
        notifier(new BounceConfig(HOST, BounceConfig.RETURN_LIMIT, true, Optional.empty()))
                .failed(doubtful, List.of(refused("bob@example.org")));
        assertThat(committed).hasSize(1);
    }

    @Test
    void doubleBouncesGoToThePostmasterButNotThePostmastersOwn() throws IOException {
        BounceNotifier notifier = notifier(Optional.of(Address.parse("postmaster@example.net")));
        notifier.failed(message(""), List.of(refused("bob@example.org")));
        assertThat(committed).hasSize(1);
        assertThat(committed.getFirst().envelope().addresses())
                .containsExactly(Address.parse("postmaster@example.net"));
        assertThat(committed.getFirst().envelope().sender()).isEmpty();
        notifier.failed(message(""), List.of(refused("postmaster@example.net")));
        assertThat(committed).hasSize(1);
    }

    @Test
    void asksForSmtpUtf8WhereAnAddressNeedsIt() throws IOException {
        notifier(Optional.empty()).failed(message("alice@example.net"), List.of(refused("b\u00f6b@example.org")));
        assertThat(committed.getFirst().envelope().smtpUtf8()).isTrue();
        assertThat(committed.getFirst().envelope().eightBitMime()).isTrue();
    }

    @Test
    void aFullSpoolIsToldToTheQueue() {
        full = true;
        assertThatThrownBy(() -> notifier(Optional.empty())
                        .failed(message("alice@example.net"), List.of(refused("bob@example.org"))))
                .isInstanceOf(IOException.class);
    }
}
