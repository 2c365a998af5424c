package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndsTest {
    @Test
    void findsWhatALoopFinds() {
        Random random = new Random(7);
        byte[] bytes = new byte[100];
        for (int round = 0; round < 20_000; round++) {
            random.nextBytes(bytes);
            // values near LF, for a borrow between octets must not matter
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(20) == 0 ? 8 + random.nextInt(4) : bytes[i]);
            }
            int from = random.nextInt(50);
            int to = from + random.nextInt(51);
            int expected = -1;
            for (int i = to - 1; i >= from; i--) {
                expected = bytes[i] == '\n' ? i : expected;
            }
            assertThat(LineEnds.indexOfLf(bytes, from, to)).isEqualTo(expected);
        }
    }
}
