package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;

/** Where parts begin and end decides what is converted (RFC 2046 5.1.1). */
class MessageConverterNestingTest {
    private static final String EIGHT_BIT = "Content-Transfer-Encoding: 8bit\n\n";
    private static final String QUOTED = "Content-Transfer-Encoding: quoted-printable\n\n";

    private static byte[] octets(String message) {
        return message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String convert(String message) throws IOException {
        return new String(MessageConversion.convert(octets(message), 1000), StandardCharsets.UTF_8)
                .replace("\r\n", "\n");
    }

    private static boolean resists(String message) throws IOException {
        return MessageConverter.survey(MessageContent.of(octets(message))).resistsSevenBit();
    }

    private static String multipart(String boundary) {
        return "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n";
    }

    @Test
    void aDelimiterEndsAHeaderWithoutAnEmptyLine() throws IOException {
        String message = multipart("b") + "--b\nX-First: kept\n--b\n%s\u00f6\n--b--\n";
        assertThat(convert(message.formatted(EIGHT_BIT)))
                .isEqualTo(message.formatted(QUOTED).replace("\u00f6", "=C3=B6"));
    }

    @Test
    void aDelimiterFurtherOutEndsWhatIsWithin() throws IOException {
        String message = multipart("outer") + "--outer\n" + multipart("inner") + "--inner\n%1$s%2$s\n"
                + "--outer\n%1$s%2$s\n--inner\nX: %2$s\n--outer--\n";
        assertThat(convert(message.formatted(EIGHT_BIT, "\u00f6"))).isEqualTo(message.formatted(QUOTED, "=C3=B6"));
    }

    @Test
    void nothingBeginsBehindTheLastDelimiter() throws IOException {
        String message = multipart("outer") + "--outer\n" + multipart("inner") + "--inner\n%1$s%2$s\n"
                + "--outer--\n--inner\nX: %3$s\n--outer\nX: %3$s\n";
        assertThat(convert(message.formatted(EIGHT_BIT, "\u00f6", "\u00f6")))
                .isEqualTo(message.formatted(QUOTED, "=C3=B6", "??"));
    }

    /** Fifty containers within each other; of one more nobody looks at the parts. */
    @Test
    void readsFiftyLevels() throws IOException {
        StringBuilder containers = new StringBuilder();
        for (int i = 1; i <= 50; i++) {
            containers.append(multipart("b" + i)).append("--b").append(i).append('\n');
        }
        assertThat(convert(containers + EIGHT_BIT + "\u00f6\n")).isEqualTo(containers + QUOTED + "=C3=B6\n");
        String tooDeep = containers + multipart("b51") + "--b51\n" + EIGHT_BIT + "\u00f6\n";
        assertThat(convert(tooDeep)).isEqualTo(tooDeep);
        assertThat(resists(tooDeep)).isTrue();
    }

    @Test
    void changesHeadersOf524288Octets() throws IOException {
        // 47,658 lines of 11 octets, and one of 50.
        String header = "X-Long: y\n".repeat(47_658) + "X: " + "y".repeat(45) + "\n";
        assertThat(octets(header)).hasSize(524_288);
        assertThat(convert(header + EIGHT_BIT + "\u00f6\n")).contains(EIGHT_BIT + "\u00f6\n");
        String body = "\n\u00f6\n";
        assertThat(convert(header + body)).contains("quoted-printable\n\n=C3=B6\n");
        assertThat(convert(header + "Z:\n" + body)).isEqualTo(header + "Z:\n" + body);
    }

    @Test
    void aHeaderThatIsTooLargeGoesOnceAndWhatFollowsIsRead() throws IOException {
        String tooLarge = "X-Long: y\n".repeat(524_288 / 11 + 1);
        String message = multipart("b") + "--b\n" + tooLarge + "\nx\n--b\n%s%s\n--b--\n";
        assertThat(convert(message.formatted(EIGHT_BIT, "\u00f6"))).isEqualTo(message.formatted(QUOTED, "=C3=B6"));
        assertThat(resists(message.formatted(EIGHT_BIT, "\u00f6"))).isFalse();
        assertThat(resists("X-\u00f6: y\n" + tooLarge + "\nx\n")).isTrue();
    }
}
