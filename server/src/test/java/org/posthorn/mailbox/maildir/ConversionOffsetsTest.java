package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConversionOffsetsTest {
    private static final ConversionOffsets.Offset START = new ConversionOffsets.Offset(0, 0, 0);

    @Test
    void aPlaceIsKnownForItsMessageAndWhatFollows() {
        ConversionOffsets offsets = new ConversionOffsets();
        assertThat(offsets.before(7, 100)).isEqualTo(START);
        offsets.put(7, 100, 90);
        assertThat(offsets.before(7, 100)).isEqualTo(new ConversionOffsets.Offset(7, 100, 90));
        assertThat(offsets.before(7, 101)).isEqualTo(new ConversionOffsets.Offset(7, 100, 90));
        assertThat(offsets.before(7, 99)).isEqualTo(START);
        assertThat(offsets.before(8, 101)).isEqualTo(START);
    }
}
