package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.EnhancedStatus;

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

    @Test
    void readsBackProgress() {
        DeliveryOutcome failed =
                new DeliveryOutcome.Failed("mx[::1]:25", new EnhancedStatus(5, 7, 1), "550 spam? nö", true);
        Router.Hop hop = new Router.Hop(
                new Destination(Destination.Kind.LOCAL, "bob@here.test"), Address.parse("bob@here.test"));
        List<SpoolRecord.Step> steps = List.of(
                new SpoolRecord.Step(0, false, false, 3, 99, Optional.of(failed), List.of(hop)),
                new SpoolRecord.Step(7, true, true, 0, 0, Optional.empty(), List.of()));
        assertThat(new SpoolCodec().decode(SpoolRecord.PROGRESS, ByteBuffer.wrap(SpoolCodec.progress(ID, steps))))
                .isEqualTo(new SpoolRecord.Progress(ID, steps));
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
