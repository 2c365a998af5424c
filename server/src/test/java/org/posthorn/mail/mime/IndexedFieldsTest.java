package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Headers;

class IndexedFieldsTest {
    private static byte[] row(int octets, boolean whole) {
        String begin = "References: ";
        byte[] header = ("X-Other: not kept\r\n" + begin + "x".repeat(octets - begin.length() - 2) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return IndexedFields.encode(Headers.parse(header, 0, header.length), whole);
    }

    @Test
    void keeps16KiBOfAMessage() {
        assertThat(row(16_384, true)).hasSize(1 + 16_384);
        assertThat(IndexedFields.decode(row(16_384, true))).hasValueSatisfying(headers -> {
            assertThat(headers.count()).isEqualTo(1);
            assertThat(headers.value("References")).isPresent();
        });
    }

    @Test
    void ofMoreItKeepsThatTheMessageMustBeRead() {
        assertThat(IndexedFields.isCurrent(row(16_385, true))).isTrue();
        assertThat(IndexedFields.decode(row(16_385, true))).isEmpty();
    }

    @Test
    void nothingOfAHeaderThatIsNotKnownToItsEnd() {
        assertThat(IndexedFields.decode(row(100, true))).isPresent();
        assertThat(IndexedFields.decode(row(100, false))).isEmpty();
    }
}
