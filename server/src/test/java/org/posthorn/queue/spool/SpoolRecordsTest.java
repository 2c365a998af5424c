package org.posthorn.queue.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueBench;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.RecipientState.Attempts;
import org.posthorn.queue.Router;

/** Records as they lie on the disk, and what is none. */
class SpoolRecordsTest {
    private static final QueueId ID = new QueueId("0123456789AB");
    private static final String ID_OCTETS = "000c" + "303132333435363738394142";

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    private static SpoolRecord decode(int type, byte[] octets) {
        return new SpoolCodec().decode(type, ByteBuffer.wrap(octets));
    }

    @Test
    void smallRecordsAreWrittenAsTheyAlwaysWere() {
        assertThat(hex(SpoolCodec.removed(ID, true))).isEqualTo(ID_OCTETS + "01");
        assertThat(hex(SpoolCodec.removed(ID, false))).isEqualTo(ID_OCTETS + "00");
        assertThat(hex(SpoolCodec.held(ID, true))).isEqualTo(ID_OCTETS + "01");
        assertThat(hex(SpoolCodec.held(ID, false))).isEqualTo(ID_OCTETS + "00");
        assertThat(hex(SpoolCodec.warned(ID))).isEqualTo(ID_OCTETS);
        assertThat(hex(SpoolCodec.checkpoint(7, false))).isEqualTo("000000000000000700");
        assertThat(hex(SpoolCodec.checkpoint(7, true))).isEqualTo("000000000000000701");
        for (boolean flag : new boolean[] {false, true}) {
            assertThat(decode(SpoolRecord.REMOVED, SpoolCodec.removed(ID, flag)))
                    .isEqualTo(new SpoolRecord.Removed(ID, flag));
            assertThat(decode(SpoolRecord.HELD, SpoolCodec.held(ID, flag))).isEqualTo(new SpoolRecord.Held(ID, flag));
            assertThat(decode(SpoolRecord.CHECKPOINT, SpoolCodec.checkpoint(9, flag)))
                    .isEqualTo(new SpoolRecord.Checkpoint(9, flag));
        }
        assertThat(decode(SpoolRecord.WARNED, SpoolCodec.warned(ID))).isEqualTo(new SpoolRecord.Warned(ID));
    }

    private static Map<Integer, RecipientState> states(DeliveryOutcome outcome) {
        Router.Hop local = new Router.Hop(Destination.mailbox("bob@here.test"), Address.parse("bob@here.test"));
        Router.Hop remote = new Router.Hop(Destination.smtp("far.test"), Address.parse("c@far.test"));
        return Map.of(
                0,
                new RecipientState.Delivered(
                        new Attempts(1, Optional.of(outcome), new LinkedHashSet<>(List.of(local, remote)), false)),
                1,
                new RecipientState.Waiting(new Attempts(3, Optional.empty(), Set.of(), true), 4));
    }

    @Test
    void everyOutcomeIsReadBack() {
        EnhancedStatus status = new EnhancedStatus(4, 2, 2);
        for (DeliveryOutcome outcome : List.of(
                new DeliveryOutcome.Delivered("local", status, "ok"),
                new DeliveryOutcome.Deferred("local", status, "ours", false),
                new DeliveryOutcome.Deferred("mx[192.0.2.1]:25", status, "theirs", true),
                new DeliveryOutcome.Failed("none", status, "ours", false),
                new DeliveryOutcome.Failed("mx[192.0.2.1]:25", status, "theirs", true))) {
            assertThat(decode(SpoolRecord.STATES, SpoolCodec.states(ID, states(outcome))))
                    .isEqualTo(new SpoolRecord.States(ID, states(outcome)));
        }
    }

    /** A reply may have any length; of what is kept to show to people 2000 characters are enough. */
    @Test
    void aLongReplyIsCut() {
        EnhancedStatus status = new EnhancedStatus(5, 0, 0);
        for (int length : new int[] {2000, 2001}) {
            DeliveryOutcome outcome = new DeliveryOutcome.Failed("none", status, "x".repeat(length), false);
            SpoolRecord.States kept =
                    (SpoolRecord.States) decode(SpoolRecord.STATES, SpoolCodec.states(ID, states(outcome)));
            RecipientState state = Objects.requireNonNull(kept.states().get(0));
            assertThat(state.attempts().last().orElseThrow().text()).isEqualTo("x".repeat(2000));
        }
    }

    @Test
    void aTextHasAtMost65535Octets() {
        assertThat(new RecordWriter(4).text("x".repeat(65_535)).bytes()).hasSize(65_537);
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordWriter(4).text("x".repeat(65_536)));
        assertThat(hex(new RecordWriter(1)
                        .octet(255)
                        .integer(-2)
                        .number(3)
                        .text("ü")
                        .bytes()))
                .isEqualTo("ff" + "fffffffe" + "0000000000000003" + "0002c3bc");
    }

    private static RecordWriter step(int steps) {
        return new RecordWriter(64).text("FPWDAMTPJ0G").integer(steps);
    }

    private static void isNone(RecordWriter record, String why) {
        isNone(SpoolRecord.PROGRESS, record, why);
    }

    private static void isNone(int type, RecordWriter record, String why) {
        assertThatThrownBy(() -> decode(type, record.bytes()))
                .isInstanceOfSatisfying(
                        SpoolFormatException.class,
                        fault -> assertThat(fault.isUnknown()).isFalse())
                .hasMessageContaining(why);
    }

    /** What cannot be there is not allocated for. */
    @Test
    void countsBeyondTheRecordAreNone() {
        isNone(step(-1), "count of -1");
        isNone(step(Integer.MAX_VALUE), "count of 2147483647");
        isNone(step(2), "count of 2");
        assertThat(((SpoolRecord.States) decode(SpoolRecord.PROGRESS, step(0).bytes())).states())
                .isEmpty();
        isNone(step(0).octet(1), "octets behind the recipients");
        RecordWriter whole = step(1).integer(0).octet(3).integer(2).number(5).octet(0);
        isNone(whole.integer(1000), "count of 1000");
    }

    /** The same of states as they are written now. */
    @Test
    void countsBeyondTheRecordAreNoStates() {
        isNone(SpoolRecord.STATES, step(-1), "count of -1");
        isNone(SpoolRecord.STATES, step(Integer.MAX_VALUE), "count of 2147483647");
        isNone(SpoolRecord.STATES, step(2), "count of 2");
        assertThat(((SpoolRecord.States) decode(SpoolRecord.STATES, step(0).bytes())).states())
                .isEmpty();
        isNone(SpoolRecord.STATES, step(0).octet(1), "octets behind the recipients");
        RecordWriter hops = step(1).integer(0).octet(1).integer(2).octet(0);
        isNone(SpoolRecord.STATES, hops.integer(1000), "count of 1000");
        RecordWriter outcome = step(1).integer(0).octet(1).integer(2).octet(6);
        isNone(SpoolRecord.STATES, outcome.text("r").text("4.0.0").text("t").integer(0), "outcome of kind 6");
        RecordWriter later = step(1).integer(0).octet(3).integer(2).octet(0).integer(0);
        assertThatThrownBy(() -> decode(SpoolRecord.STATES, later.bytes()))
                .isInstanceOfSatisfying(
                        SpoolFormatException.class,
                        fault -> assertThat(fault.isUnknown()).isTrue())
                .hasMessageContaining("state 3");
    }

    private static RecordWriter begun() {
        return step(1).integer(0).octet(0).integer(2).number(5);
    }

    @Test
    void whatNoBuildHasWrittenIsNone() {
        isNone(begun().octet(6).text("r").text("4.0.0").text("t").integer(0), "outcome of kind 6");
        isNone(begun().octet(1).text("r").text("4").text("t").integer(0), "");
        isNone(begun().octet(0).integer(1).octet(2).text("n").text("a").text("b.test"), "destination of kind 2");
        isNone(begun().octet(0).integer(1).octet(1).text("n").text("").text("b.test"), "");
        isNone(begun().octet(0).integer(1).octet(1).text("n").text("a").text(""), "");
        byte[] head = SpoolCodec.arrival(ID, 1, QueueBench.envelope("a@b.test", "c@d.test"), true, 0, 9);
        byte[] nobody = Arrays.copyOf(head, head.length - 12);
        nobody[nobody.length - 1] = 0;
        assertThatThrownBy(() -> decode(SpoolRecord.MESSAGE, nobody))
                .isInstanceOf(SpoolFormatException.class)
                .hasMessage("no recipients");
    }

    /** Of a message in the log its octets have to be there, all of them and no more; of one with a file the prefix. */
    @Test
    void contentOfAnotherLengthIsNone() {
        for (int more : new int[] {-1, 0, 1}) {
            byte[] inLog = SpoolCodec.arrival(ID, 1, QueueBench.envelope("a@b.test", "c@d.test"), false, 3, 4);
            byte[] inFile = SpoolCodec.arrival(ID, 1, QueueBench.envelope("a@b.test", "c@d.test"), true, 3, 400);
            byte[] record = Arrays.copyOf(inLog, inLog.length + 7 + more);
            byte[] prefix = Arrays.copyOf(inFile, inFile.length + 3 + more);
            if (more == 0) {
                SpoolRecord.Arrival arrival = (SpoolRecord.Arrival) decode(SpoolRecord.MESSAGE, record);
                assertThat(arrival.place()).isEqualTo(new SpoolRecord.Place(false, inLog.length, 3, 4));
                assertThat(arrival.place().size()).isEqualTo(7);
                arrival = (SpoolRecord.Arrival) decode(SpoolRecord.MESSAGE, prefix);
                assertThat(arrival.place()).isEqualTo(new SpoolRecord.Place(true, inFile.length, 3, 400));
                assertThat(arrival.place().size()).isEqualTo(403);
            } else {
                assertThatThrownBy(() -> decode(SpoolRecord.MESSAGE, record)).isInstanceOf(SpoolFormatException.class);
                assertThatThrownBy(() -> decode(SpoolRecord.MESSAGE, prefix)).isInstanceOf(SpoolFormatException.class);
            }
        }
    }

    @Test
    void trustLastsAsLongAsTheKernelRuns() {
        SpoolRecovery.Trust here = new SpoolRecovery.Trust("boot-1");
        byte[] stamp = here.stamp(0x0102030405060708L);
        assertThat(hex(stamp)).isEqualTo("0102030405060708" + "626f6f742d31");
        assertThat(here.holdsFor(stamp)).isTrue();
        assertThat(new SpoolRecovery.Trust("boot-2").holdsFor(stamp)).isFalse();
        assertThat(new SpoolRecovery.Trust("boot-11").holdsFor(stamp)).isFalse();
        SpoolRecovery.Trust none = new SpoolRecovery.Trust("");
        assertThat(none.holdsFor(none.stamp(1))).isFalse();
        assertThat(SpoolRecovery.Trust.here().boot()).hasSize(36);
    }
}
