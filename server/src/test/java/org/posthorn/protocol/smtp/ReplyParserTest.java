package org.posthorn.protocol.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplyParserTest {
    private static SmtpReply parse(String... lines) {
        ReplyParser parser = new ReplyParser();
        for (int i = 0; i < lines.length; i++) {
            String octets = new String(lines[i].getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            assertThat(parser.add(octets)).isEqualTo(i == lines.length - 1);
        }
        return parser.reply();
    }

    @Test
    void readsCodeStatusAndText() {
        assertThat(parse("550 5.1.1 No such user")).isEqualTo(SmtpReply.of(550, "5.1.1", "No such user"));
        assertThat(parse("250 ok")).isEqualTo(SmtpReply.plain(250, "ok"));
        assertThat(parse("250")).isEqualTo(SmtpReply.plain(250, ""));
    }

    @Test
    void joinsLinesAndKeepsTheStatusOnce() {
        assertThat(parse("550-5.7.1 first", "550-5.7.1 second", "550 5.7.1 third")
                        .toString())
                .isEqualTo("550 5.7.1 first second third");
    }

    @Test
    void theLastLinesCodeCounts() {
        assertThat(parse("250-fine", "451 4.3.0 not so fine").toString()).isEqualTo("451 4.3.0 fine not so fine");
    }

    @Test
    void aStatusOfAnotherClassIsJustText() {
        assertThat(parse("550 4.2.2 confused")).isEqualTo(SmtpReply.plain(550, "4.2.2 confused"));
        assertThat(parse("250-2.0.0 fine", "550 no").status()).isEmpty();
    }

    @Test
    void takesUtf8AndReplacesWhatIsNone() {
        assertThat(parse("250 gr\u00fcn").text()).isEqualTo("gr\u00fcn");
        ReplyParser parser = new ReplyParser();
        assertThat(parser.add("250 gr\u00fcn\u0000\u001b[1m")).isTrue();
        assertThat(parser.reply().text()).isEqualTo("gr?n  [1m");
    }

    @Test
    void refusesWhatIsNoReply() {
        for (String line : new String[] {"", "2", "25x ok", "199 no", "600 no", "250*ok", "x".repeat(3000)}) {
            assertThatThrownBy(() -> new ReplyParser().add(line)).as(line).isInstanceOf(SmtpSyntaxException.class);
        }
    }

    @Test
    void refusesAReplyWithTooManyLines() {
        ReplyParser parser = new ReplyParser();
        for (int i = 0; i < ReplyParser.MAX_LINES; i++) {
            assertThat(parser.add("250-x")).isFalse();
        }
        assertThatThrownBy(() -> parser.add("250 x")).isInstanceOf(SmtpSyntaxException.class);
    }

    @Test
    void takes128LinesOf2048OctetsAndCodesFrom200To599() {
        ReplyParser parser = new ReplyParser();
        for (int i = 0; i < 127; i++) {
            assertThat(parser.add("250-x")).isFalse();
        }
        assertThatThrownBy(parser::reply).isInstanceOf(IllegalStateException.class);
        assertThat(parser.add("250 " + "x".repeat(2_044))).isTrue();
        assertThat(parser.reply().lines()).hasSize(128);
        assertThatThrownBy(() -> parser.add("250 x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new ReplyParser().add("250 " + "x".repeat(2_045)))
                .isInstanceOf(SmtpSyntaxException.class);
        assertThat(parse("200 x").code()).isEqualTo(200);
        assertThat(parse("599 x").code()).isEqualTo(599);
        assertThat(parse("290 x").code()).isEqualTo(290);
        for (String line : new String[] {"/50 x", "2:0 x", "25/ x"}) {
            assertThatThrownBy(() -> new ReplyParser().add(line)).as(line).isInstanceOf(SmtpSyntaxException.class);
        }
        assertThat(parse("250 2.0.0").lines()).containsExactly("");
        assertThat(parse("250 2.0.0   a").text()).isEqualTo("a");
        ReplyParser broken = new ReplyParser();
        assertThat(broken.add("250 \u007f~\u0080a")).isTrue();
        assertThat(broken.reply().text()).isEqualTo("~?a");
    }
}
