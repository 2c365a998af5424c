package org.posthorn.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTextTest {
    @Test
    void replacesWhatMakesATerminalShowSomethingElse() {
        assertThat(LineText.harmless("a\u202eb\u2028c\u2066d\u200be\u009bf\u001bg\u007fh\rI"))
                .isEqualTo("a?b?c?d?e?f?g?h?I");
    }

    /** Tags, and the marks of musical notation and shorthand. */
    @Test
    void replacesWhatShowsNothingBeyondTheBasicPlane() {
        assertThat(LineText.harmless("a\udb40\udc41b\ud834\udd73c\ud82f\udca0\ud83d\ude00"))
                .isEqualTo("a?b?c?\ud83d\ude00");
    }

    @Test
    void leavesOtherTextAlone() {
        String line = "na\u00efve \u65e5\u672c \t \ud83d\ude00";
        assertThat(LineText.harmless(line)).isSameAs(line);
    }
}
