package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A header that comes in pieces, as its message is read. */
class HeaderCollectorTest {
    /** What is taken of a message that comes in pieces of so many octets, until the header is complete. */
    private static Headers collect(String message, int step) {
        byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
        HeaderCollector collector = new HeaderCollector();
        for (int at = 0; at < bytes.length && !collector.isComplete(); at += step) {
            collector.accept(bytes, at, Math.min(step, bytes.length - at));
        }
        return collector.headers();
    }

    @ParameterizedTest
    @CsvSource({
        "A: 1\\r\\nB: 2\\r\\n\\r\\nC: 3\\r\\n, A: 1 B: 2, true",
        "A: 1\\nB: 2\\n\\nC: 3\\n, A: 1 B: 2, true",
        "A: 1\\nx\\nB: 2\\n\\r\\nC: 3\\n, A: 1 B: 2, true",
        "A: 1\\r\\n, A: 1, false",
        "A: 1, A: 1, false",
        "\\r\\nC: 3\\r\\n, '', true",
        "\\nC: 3\\r\\n, '', true",
    })
    void endsAtTheEmptyLineInWhateverPiecesItComes(String escaped, String fields, boolean complete) {
        String message = escaped.replace("\\r", "\r").replace("\\n", "\n");
        for (int step = 1; step <= message.length(); step++) {
            Headers headers = collect(message, step);
            assertThat(headers)
                    .as("pieces of %d", step)
                    .extracting(FieldView::toString)
                    .containsExactly(fields.isEmpty() ? new String[0] : fields.split(" (?=[A-Z])"));
            assertThat(headers.isComplete()).isEqualTo(complete);
        }
    }

    @Test
    void takesNothingBehindTheHeader() {
        HeaderCollector collector = new HeaderCollector();
        byte[] header = "A: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        collector.accept(header, 0, header.length - 1);
        assertThat(collector.isComplete()).isFalse();
        collector.accept(header, header.length - 1, 1);
        assertThat(collector.isComplete()).isTrue();
        collector.accept("B: 2\r\n".getBytes(StandardCharsets.US_ASCII), 0, 6);
        assertThat(collector.headers()).extracting(FieldView::toString).containsExactly("A: 1");
    }

    /** Of a header, 262,144 octets are kept. */
    @Test
    void keepsAQuarterOfAMebibyte() {
        String line = "X: " + "y".repeat(123) + "\r\n";
        String fits = line.repeat(262_144 / 128);
        assertThat(fits).hasSize(262_144);
        for (int step : new int[] {100, 8192, 1 << 20}) {
            Headers headers = collect(fits + "Z: late\r\n\r\n", step);
            assertThat(headers.count()).isEqualTo(2048);
            assertThat(headers).allMatch(field -> field.value().equals("y".repeat(123)));
            assertThat(headers.isComplete()).isFalse();
        }
    }
}
