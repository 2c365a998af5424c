package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.HeaderScanner;

class HeaderScanTest {
    private static HeaderScan scan(String message) {
        HeaderScanner scanner = new HeaderScanner(HeaderScan.MAX_HEADER);
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        // Octet by octet: wherever buffers end must make no difference.
        for (int i = 0; i < bytes.length && !scanner.isComplete(); i++) {
            scanner.feed(bytes, i, 1);
        }
        return HeaderScan.of(scanner.scanned());
    }

    @Test
    void keepsMessageIdFoldedOrNot() {
        assertThat(scan("Subject: x\r\nMESSAGE-ID: <a@b>\r\n\r\nMessage-ID: <c@d>\r\n")
                        .messageId())
                .isEqualTo("<a@b>");
        assertThat(scan("Message-ID:\r\n <a@b>\r\nSubject: x\r\n\r\n").messageId())
                .isEqualTo("<a@b>");
        assertThat(scan("Message-ID: <a@b>\r\n").messageId()).isEqualTo("<a@b>");
        assertThat(scan("X-Message-ID: <a@b>\r\n\r\n").messageId()).isEmpty();
        assertThat(scan("Message-ID: <" + "x".repeat(10_000) + ">\r\n\r\n").messageId())
                .hasSizeLessThan(520);
    }

    @Test
    void refusesMoreThanHundredReceivedFields() {
        String field = "received: from a\r\n\tby b; Mon, 23 Nov 2026 20:00:00 +0000\r\n";
        assertThat(scan(field.repeat(100) + "\r\n" + field.repeat(100)).fault()).isEmpty();
        assertThat(scan(field.repeat(101) + "\r\ntext\r\n").fault().orElseThrow())
                .hasToString("554 5.4.6 Too many hops");
    }

    /** RFC 5322 4.5.8 and a line that is no field: neither is a way past the count. */
    @Test
    void countsReceivedFieldsHoweverTheyAreWritten() {
        assertThat(scan("Received : by b\r\n".repeat(101) + "\r\n").fault()).isPresent();
        assertThat(scan("no field\r\n" + "Received: by b\r\n".repeat(101) + "\r\n")
                        .fault())
                .isPresent();
    }

    @Test
    void refusesMoreThanTenThousandFields() {
        assertThat(scan("X: y\r\n".repeat(10_000) + "\r\n").fault()).isEmpty();
        assertThat(scan("X: y\r\n".repeat(10_001) + "\r\n").fault().orElseThrow())
                .hasToString("552 5.3.4 Message header too large");
    }
}
