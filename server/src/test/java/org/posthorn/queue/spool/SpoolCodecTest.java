package org.posthorn.queue.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueBench;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.RecipientState.Attempts;
import org.posthorn.queue.Router;

class SpoolCodecTest {
    private static final QueueId ID = new QueueId("0123456789AB");

    @Test
    void readsBackAMessageWithoutSenderAndWithUtf8() {
        Envelope envelope = new Envelope(
                Optional.empty(),
                List.of(Address.parse("jürgen@bücher.example"), Address.parse("\"a b\"@x.test")),
                true,
                false);
        byte[] head = SpoolCodec.arrival(ID, 1234, envelope, false, 3, 4);
        ByteBuffer record = ByteBuffer.allocate(head.length + 7).put(head);
        SpoolRecord.Arrival arrival =
                (SpoolRecord.Arrival) new SpoolCodec().decode(SpoolRecord.MESSAGE, record.rewind());
        assertThat(arrival)
                .isEqualTo(
                        new SpoolRecord.Arrival(ID, 1234, envelope, new SpoolRecord.Place(false, head.length, 3, 4)));
    }

    @Test
    void readsBackThatAMessageIsSuspicious() {
        Envelope envelope = QueueBench.envelope("a@b.test", "c@d.test").quarantine();
        byte[] head = SpoolCodec.arrival(ID, 1, envelope, true, 0, 9);
        SpoolRecord.Arrival arrival =
                (SpoolRecord.Arrival) new SpoolCodec().decode(SpoolRecord.MESSAGE, ByteBuffer.wrap(head));
        assertThat(arrival.envelope().quarantined()).isTrue();
        assertThat(arrival.envelope().senderUnproven()).isFalse();
    }

    @Test
    void readsBackThatTheSenderMayBeForged() {
        Envelope envelope = QueueBench.envelope("a@b.test", "c@d.test").doubtSender();
        byte[] head = SpoolCodec.arrival(ID, 1, envelope, true, 0, 9);
        SpoolRecord.Arrival arrival =
                (SpoolRecord.Arrival) new SpoolCodec().decode(SpoolRecord.MESSAGE, ByteBuffer.wrap(head));
        assertThat(arrival.envelope()).isEqualTo(envelope);
    }

    private static Envelope.Recipient recipient(String address, String orcpt, Envelope.Notify... events) {
        return new Envelope.Recipient(
                Address.parse(address),
                Set.of(events),
                orcpt.isEmpty() ? Optional.empty() : Optional.of(new Envelope.OriginalRecipient("rfc822", orcpt)));
    }

    private static Envelope asking() {
        return new Envelope(
                Optional.of(Address.parse("a@b.test")),
                List.of(
                        recipient("one@d.test", "", Envelope.Notify.NEVER),
                        recipient("two@d.test", "first@x.test;y", Envelope.Notify.DELAY, Envelope.Notify.SUCCESS),
                        recipient("three@d.test", "")),
                false,
                true,
                false,
                false,
                new Envelope.Notification(Optional.of("QQ314159"), Optional.of(Envelope.ReturnedContent.HDRS)));
    }

    @Test
    void readsBackWhatTheSenderAskedFor() {
        byte[] head = SpoolCodec.arrival(ID, 1, asking(), true, 0, 9);
        SpoolRecord.Arrival arrival =
                (SpoolRecord.Arrival) new SpoolCodec().decode(SpoolRecord.MESSAGE, ByteBuffer.wrap(head));
        assertThat(arrival.envelope()).isEqualTo(asking());
    }

    /** A later release may have put there what must not be lost. */
    @Test
    void aParameterThatIsNotKnownIsALaterReleases() {
        byte[] head = SpoolCodec.arrival(ID, 1, QueueBench.envelope("a@b.test", "c@d.test"), true, 0, 9);
        byte[] more = new RecordWriter(1).octet(3).text("x").bytes();
        byte[] later = Arrays.copyOf(head, head.length + more.length);
        later[head.length - 1] = 1;
        System.arraycopy(more, 0, later, head.length, more.length);
        assertThatThrownBy(() -> new SpoolCodec().decode(SpoolRecord.MESSAGE, ByteBuffer.wrap(later)))
                .isInstanceOfSatisfying(
                        SpoolFormatException.class,
                        fault -> assertThat(fault.isUnknown()).isTrue())
                .hasMessageContaining("a parameter 3");
    }

    @Test
    void readsBackStates() {
        DeliveryOutcome failed =
                new DeliveryOutcome.Failed("mx[::1]:25", new EnhancedStatus(5, 7, 1), "550 spam? nö", true);
        Router.Hop hop = new Router.Hop(Destination.mailbox("bob@here.test"), Address.parse("bob@here.test"));
        Router.Hop other = new Router.Hop(new Destination("lmtp", "[::1]:24"), Address.parse("c@here.test"));
        Map<Integer, RecipientState> states = Map.of(
                0,
                new RecipientState.Waiting(new Attempts(3, Optional.of(failed), Set.of(hop), false), 99),
                7,
                new RecipientState.Delivered(new Attempts(0, Optional.empty(), Set.of(), true)),
                8,
                new RecipientState.Failed(
                        new Attempts(1, Optional.of(failed), new LinkedHashSet<>(List.of(other, hop)), true)));
        assertThat(new SpoolCodec().decode(SpoolRecord.STATES, ByteBuffer.wrap(SpoolCodec.states(ID, states))))
                .isEqualTo(new SpoolRecord.States(ID, states));
    }

    @Test
    void refusesEveryRecordThatWasCut() {
        byte[] head = SpoolCodec.arrival(ID, 1, QueueBench.envelope("a@b.test", "c@d.test"), true, 0, 9);
        for (int length = 0; length < head.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(head, 0, length).slice();
            assertThatThrownBy(() -> new SpoolCodec().decode(SpoolRecord.MESSAGE, cut))
                    .isInstanceOf(SpoolFormatException.class);
        }
    }
}
