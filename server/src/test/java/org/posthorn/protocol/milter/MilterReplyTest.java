package org.posthorn.protocol.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MilterReplyTest {
    private static String wire(MilterReply reply) {
        return new String(reply.packet(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void writesEachReply() {
        assertThat(wire(MilterReply.Simple.CONTINUE)).isEqualTo("\0\0\0\u0001c");
        assertThat(wire(MilterReply.Simple.ACCEPT)).isEqualTo("\0\0\0\u0001a");
        assertThat(wire(new MilterReply.InsertHeader(1, "A", " b\n\tc")))
                .isEqualTo("\0\0\0\ri\0\0\0\u0001A\0 b\n\tc\0");
        assertThat(wire(new MilterReply.AddHeader("A", "b"))).isEqualTo("\0\0\0\u0005hA\0b\0");
        assertThat(wire(new MilterReply.ChangeHeader(2, "A", ""))).isEqualTo("\0\0\0\u0008m\0\0\0\u0002A\0\0");
        assertThat(wire(new MilterReply.Quarantine("why"))).isEqualTo("\0\0\0\u0005qwhy\0");
        assertThat(wire(new MilterReply.Refuse("550 5.7.1 No"))).isEqualTo("\0\0\0\u000ey550 5.7.1 No\0");
    }

    @Test
    void namesTheMacrosOfEachStage() {
        MilterOptions options = new MilterOptions(6, 0x101, 0);
        Map<MilterStage, String> macros =
                Map.of(MilterStage.END_OF_MESSAGE, "i", MilterStage.CONNECT, "j {daemon_name}");
        assertThat(wire(new MilterReply.Negotiate(options, macros)))
                .endsWith("O\0\0\0\u0006\0\0\u0001\u0001\0\0\0\0" + "\0\0\0\0j {daemon_name}\0" + "\0\0\0\u0005i\0");
    }

    @Test
    void doublesThePercentSignThatTheMtaWouldTakeForAFormat() {
        assertThat(wire(new MilterReply.Refuse("550 5.7.1 100%"))).endsWith("100%%\0");
    }

    @Test
    void refusesWhatWouldBreakTheReply() {
        assertThatThrownBy(() -> new MilterReply.Refuse("250 2.0.0 Ok")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MilterReply.Refuse("550 5.7.1 a\r\nb"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MilterReply.AddHeader("A", "b\0c").packet())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
