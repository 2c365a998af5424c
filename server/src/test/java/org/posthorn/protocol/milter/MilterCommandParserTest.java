package org.posthorn.protocol.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MilterCommandParserTest {
    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static MilterCommand parse(char letter, String data) {
        return MilterCommandParser.parse(letter, octets(data));
    }

    private static void refused(char letter, String data, String reason) {
        assertThatThrownBy(() -> parse(letter, data))
                .isInstanceOf(MilterSyntaxException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void readsEachCommand() {
        assertThat(parse('C', "mx.example.org\0" + "4\u0019\u0001192.0.2.1\0"))
                .isEqualTo(new MilterCommand.Connect("mx.example.org", Optional.of("192.0.2.1"), 0x1901));
        assertThat(parse('C', "mx.example.org\0" + "6\0\u0019IPv6:2001:db8::1\0"))
                .isEqualTo(new MilterCommand.Connect("mx.example.org", Optional.of("2001:db8::1"), 25));
        assertThat(parse('C', "localhost\0L\0\0/run/socket\0"))
                .isEqualTo(new MilterCommand.Connect("localhost", Optional.empty(), 0));
        assertThat(parse('C', "unknown\0U")).isEqualTo(new MilterCommand.Connect("unknown", Optional.empty(), 0));
        assertThat(parse('H', "client.example\0")).isEqualTo(new MilterCommand.Helo("client.example"));
        assertThat(parse('M', "<a@example.org>\0SIZE=100\0BODY=8BITMIME\0"))
                .isEqualTo(new MilterCommand.Mail("<a@example.org>", List.of("SIZE=100", "BODY=8BITMIME")));
        assertThat(parse('R', "<b@example.net>\0")).isEqualTo(new MilterCommand.Rcpt("<b@example.net>", List.of()));
        assertThat(parse('L', "Subject\0 caf\u00e9\n\tfolded\0"))
                .isEqualTo(new MilterCommand.Header("Subject", " caf\u00e9\n\tfolded"));
        assertThat(parse('U', "VRFY x\0")).isEqualTo(new MilterCommand.Unknown("VRFY x"));
        assertThat(parse('T', "")).isEqualTo(MilterCommand.Simple.DATA);
        assertThat(parse('N', "")).isEqualTo(MilterCommand.Simple.END_OF_HEADERS);
        assertThat(parse('A', "")).isEqualTo(MilterCommand.Simple.ABORT);
        assertThat(parse('Q', "")).isEqualTo(MilterCommand.Simple.QUIT);
        assertThat(parse('K', "")).isEqualTo(MilterCommand.Simple.NEXT_CONNECTION);
    }

    @Test
    void readsMacrosWithAndWithoutBraces() {
        assertThat(parse('D', "Mi\0004ABC\0{auth_type}\0PLAIN\0{}\0x\0"))
                .isEqualTo(new MilterCommand.Macros('M', Map.of("i", "4ABC", "auth_type", "PLAIN", "{}", "x")));
        assertThat(parse('D', "C")).isEqualTo(new MilterCommand.Macros('C', Map.of()));
    }

    @Test
    void readsTheOfferAndWhatLaterVersionsMayAdd() {
        String offer = "\0\0\0\u0006\0\0\u0001\u00ff\0\u001f\u00ff\u00ff";
        MilterOptions expected = new MilterOptions(6, 0x1ff, 0x1fffff);
        assertThat(parse('O', offer)).isEqualTo(new MilterCommand.Negotiate(expected));
        assertThat(parse('O', offer + "more")).isEqualTo(new MilterCommand.Negotiate(expected));
    }

    @Test
    void takesOfAnOfferWhatIsWanted() {
        MilterOptions old = new MilterOptions(2, 0x1f, 0x7f);
        assertThat(old.wanting(0x21, 0x100009)).isEqualTo(new MilterOptions(2, 0x1, 0x9));
        assertThat(new MilterOptions(7, 1, 0).wanting(1, 0).version()).isEqualTo(6);
        refused('O', "\0\0\0\u0001\0\0\0\0\0\0\0\0", "version 1");
    }

    @Test
    void refusesDataThatDoNotFitTheirCommand() {
        refused('H', "no end", "text without its end");
        refused('H', "a\0b\0", "2 octets too many");
        refused('L', "Subject\0no end", "text without its end");
        refused('L', "\0value\0", "without a name");
        refused('C', "host\0", "too short");
        refused('C', "host\0" + "4\0", "too short");
        refused('C', "host\0X", "address family");
        refused('O', "\0\0\0\u0006\0\0", "too short");
        refused('N', "x", "1 octets too many");
        refused('x', "", "unknown command");
        refused('D', "", "too short");
    }

    @Test
    void boundsMacrosAndParameters() {
        String macros = "name\0value\0";
        StringBuilder many = new StringBuilder("M");
        for (int i = 0; i <= MilterCommandParser.MAX_MACROS; i++) {
            many.append(i).append(macros);
        }
        refused('D', many.toString(), "more than 256 macros");
        refused('M', "<>\0" + "P\0".repeat(MilterCommandParser.MAX_PARAMETERS + 1), "more than 256 parameters");
    }

    @Test
    void boundsPackets() {
        assertThat(PacketHead.read(octets("\0\0\0\u0001N"), 0)).isEqualTo(new PacketHead('N', 0));
        assertThat(PacketHead.read(octets("\0\u0004\0\u0001L"), 0)).isEqualTo(new PacketHead('L', PacketHead.MAX_KEPT));
        for (String head :
                List.of("\0\0\0\0N", "\0\u0004\0\u0002L", "\0\u0010\0\u0002B", "\u00ff\u00ff\u00ff\u00ffB")) {
            assertThatThrownBy(() -> PacketHead.read(octets(head), 0))
                    .as(head)
                    .isInstanceOf(MilterSyntaxException.class);
        }
    }
}
