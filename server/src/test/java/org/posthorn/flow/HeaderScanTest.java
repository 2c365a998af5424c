package org.posthorn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderScanTest {
    private static HeaderScan scan(String message) {
        HeaderScan scan = new HeaderScan();
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        // Octet by octet: wherever buffers end must make no difference.
        for (int i = 0; i < bytes.length; i++) {
            scan.scan(bytes, i, 1);
        }
        scan.end();
        return scan;
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

    @Test
    void refusesHugeHeaderAndTakesHugeBody() {
        String field = "X: " + "x".repeat(900) + "\r\n";
        assertThat(scan(field.repeat(300) + "\r\n").fault().orElseThrow().code())
                .isEqualTo(552);
        assertThat(scan("X: " + "x".repeat(300_000)).fault().orElseThrow().code())
                .isEqualTo(552);
        assertThat(scan("Subject: x\r\n\r\n" + field.repeat(300)).fault()).isEmpty();
    }
}
