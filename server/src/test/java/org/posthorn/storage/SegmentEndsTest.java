package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentEndsTest {
    private static final byte[] OWNER = "owner".getBytes(US_ASCII);

    @Test
    void theEarliestEndIsTheEnd() {
        SegmentEnds ends = new SegmentEnds();
        assertThat(ends.of(5)).isEqualTo(Long.MAX_VALUE);
        ends.add(5, 100);
        ends.add(5, 60);
        ends.add(5, 80);
        assertThat(ends.of(5)).isEqualTo(60);
        assertThat(ends.of(6)).isEqualTo(Long.MAX_VALUE);
    }

    /** The format on disk. */
    @Test
    void stampsNameTheSegmentsThatAreThere() {
        SegmentEnds ends = new SegmentEnds();
        ends.add(5, 60);
        ends.add(4, 9);
        byte[] stamp = ends.stamp(Set.of(5L, 6L), OWNER);
        assertThat(HexFormat.of().formatHex(stamp))
                .isEqualTo("00000001" + "0000000000000005" + "000000000000003c" + "6f776e6572");
        // What is gone is forgotten.
        assertThat(ends.of(4)).isEqualTo(Long.MAX_VALUE);

        SegmentEnds learnt = new SegmentEnds();
        learnt.read(ByteBuffer.wrap(stamp));
        assertThat(learnt.of(5)).isEqualTo(60);
        assertThat(SegmentEnds.ownersPart(ByteBuffer.wrap(stamp))).isEqualTo(OWNER);
        byte[] first = new SegmentEnds().stamp(Set.of(), OWNER);
        assertThat(HexFormat.of().formatHex(first)).isEqualTo("00000000" + "6f776e6572");
        assertThat(SegmentEnds.ownersPart(ByteBuffer.wrap(first))).isEqualTo(OWNER);
    }

    @Test
    void aStampThatIsCutIsNone() {
        SegmentEnds ends = new SegmentEnds();
        ends.add(5, 60);
        byte[] stamp = ends.stamp(Set.of(5L), new byte[0]);
        for (int length = 0; length < stamp.length; length++) {
            byte[] cut = Arrays.copyOf(stamp, length);
            assertThatIllegalArgumentException().isThrownBy(() -> new SegmentEnds().read(ByteBuffer.wrap(cut)));
        }
        assertThat(SegmentEnds.ownersPart(ByteBuffer.wrap(stamp, 0, 10).slice()))
                .isEmpty();
    }
}
