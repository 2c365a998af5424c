package org.posthorn.protocol.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SmtpReplyTest {
    private static SmtpReply reply(int code) {
        return SmtpReply.plain(code, "text");
    }

    @Test
    void isOfTheClassOfItsCode() {
        assertThat(List.of(200, 299, 300, 399, 400, 499, 500, 599))
                .filteredOn(code -> reply(code).isSuccess())
                .containsExactly(200, 299);
        assertThat(List.of(200, 299, 300, 399, 400, 499, 500, 599))
                .filteredOn(code -> reply(code).isTemporaryFailure())
                .containsExactly(400, 499);
        assertThat(List.of(200, 299, 300, 399, 400, 499, 500, 599))
                .filteredOn(code -> reply(code).isPermanentFailure())
                .containsExactly(500, 599);
        for (int code : new int[] {199, 600}) {
            assertThatThrownBy(() -> reply(code)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hasTheCodeOnEachLine() {
        assertThat(new SmtpReply(250, Optional.empty(), List.of("one", "two", "three")).wire())
                .isEqualTo("250-one\r\n250-two\r\n250 three\r\n");
        assertThat(new SmtpReply(550, Optional.of(EnhancedStatus.parse("5.1.1")), List.of("one", "two")).wire())
                .isEqualTo("550-5.1.1 one\r\n550 5.1.1 two\r\n");
        assertThat(new SmtpReply(250, Optional.empty(), List.of()).wire()).isEqualTo("250 \r\n");
    }

    /** RFC 5321 4.5.3.1.5: 512 octets with the code and CRLF. */
    @Test
    void cutsLinesOfMoreThan512Octets() {
        assertThat(reply(250, 506)).isEqualTo("250 " + "x".repeat(506) + "\r\n").hasSize(512);
        assertThat(reply(250, 507)).isEqualTo("250 " + "x".repeat(506) + "\r\n");
        String two = new SmtpReply(250, Optional.empty(), List.of("x".repeat(600), "y".repeat(600))).wire();
        assertThat(two).isEqualTo("250-" + "x".repeat(506) + "\r\n250 " + "y".repeat(506) + "\r\n");
    }

    private static String reply(int code, int length) {
        return SmtpReply.plain(code, "x".repeat(length)).wire();
    }

    @Test
    void enhancedStatusIsThreeNumbers() {
        assertThat(EnhancedStatus.startOf("2.0.0")).contains(new EnhancedStatus(2, 0, 0));
        assertThat(EnhancedStatus.startOf("4.999.109 text")).contains(new EnhancedStatus(4, 999, 109));
        for (String none : new String[] {
            "", " ", "5.1", "5.1.1.1", "3.0.0", "5.1000.0", "5..0", "5.1/.0", "5.1:.0", "5.a.0", "1.0.0"
        }) {
            assertThat(EnhancedStatus.startOf(none)).as(none).isEmpty();
        }
        for (int wrong : new int[] {-1, 1000}) {
            assertThatThrownBy(() -> new EnhancedStatus(5, wrong, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new EnhancedStatus(5, 0, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new EnhancedStatus(5, 999, 999)).hasToString("5.999.999");
        assertThat(new EnhancedStatus(5, 0, 0).isPermanentFailure()).isTrue();
        assertThat(new EnhancedStatus(4, 0, 0).isPermanentFailure()).isFalse();
    }
}
