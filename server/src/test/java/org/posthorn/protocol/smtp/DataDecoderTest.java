package org.posthorn.protocol.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.protocol.smtp.DataDecoder.Fault;

class DataDecoderTest {
    private record Decoded(String text, boolean atEnd, Fault fault, int used) {}

    /** Decodes in one piece, and in two cut at every place: the outcome must be the same. */
    private static Decoded decode(String wire) {
        Decoded whole = decode(wire, wire.length());
        for (int cut = 0; cut < wire.length(); cut++) {
            Decoded cutInTwo = decode(wire, cut);
            if (whole.fault() == Fault.NONE) {
                assertThat(cutInTwo).as("cut at " + cut).isEqualTo(whole);
            } else {
                // What was passed on before the fault showed is of no interest: the message is refused.
                assertThat(cutInTwo.fault()).as("cut at " + cut).isEqualTo(whole.fault());
                assertThat(cutInTwo.atEnd()).as("cut at " + cut).isEqualTo(whole.atEnd());
            }
        }
        return whole;
    }

    private static Decoded decode(String wire, int cut) {
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder text = new StringBuilder();
        DataDecoder decoder = new DataDecoder();
        DataDecoder.Sink sink = (source, offset, length) ->
                text.append(new String(source, offset, length, StandardCharsets.ISO_8859_1));
        int used = decoder.decode(bytes, 0, cut, sink);
        if (used == cut) {
            used += decoder.decode(bytes, cut, bytes.length, sink);
        }
        assertThat(decoder.octets()).isEqualTo(text.length());
        return new Decoded(text.toString(), decoder.atEnd(), decoder.fault(), used);
    }

    @Test
    void endsAtDotOnItsOwnLineAndLeavesTheCommandsBehindIt() {
        String text = "Subject: x\r\n\r\ntext\r\n";
        assertThat(decode(text + ".\r\nQUIT\r\n")).isEqualTo(new Decoded(text, true, Fault.NONE, text.length() + 3));
    }

    @Test
    void takesAwayTheFirstDotOfEachLineThatBeginsWithOne() {
        assertThat(decode("..\r\n...a\r\nb..\r\n.c\r\n.\r\n").text()).isEqualTo(".\r\n..a\r\nb..\r\nc\r\n");
    }

    @Test
    void endsEmptyMessageAtOnce() {
        assertThat(decode(".\r\n")).isEqualTo(new Decoded("", true, Fault.NONE, 3));
    }

    @Test
    void passesTabsControlsAndEightBitText() {
        String text = "a\tb\u0001\u000b\u000c \u00ff\u0080\u008d\u008a\u000e0123456789\r\n";
        assertThat(decode(text + ".\r\n")).isEqualTo(new Decoded(text, true, Fault.NONE, text.length() + 3));
    }

    @Test
    void waitsForMore() {
        assertThat(decode("text\r\n.\r").atEnd()).isFalse();
        assertThat(decode("text.\r\n").atEnd()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n.\n",
                "a\n.\r\n",
                "a\r\n.\n",
                "a\r.\r",
                "a\r.\r\n",
                "a\r\n.\r",
                "a\r\n.\r\r\n",
                "a\r\r\n.\r\r\n",
                "a\rb\r\n",
                "a\nb\r\n",
                "\n",
                ".\n",
                "\r\r\n",
                "12345678\n12345678\r\n"
            })
    void findsBareLineEndsAndEndsAtNoneOfThem(String wire) {
        Decoded decoded = decode(wire + "x\r\n");
        assertThat(decoded.atEnd()).isFalse();
        assertThat(decoded.fault()).isEqualTo(Fault.BARE_CR_OR_LF);
        assertThat(decode(wire + "x\r\n.\r\n").atEnd()).isTrue();
    }

    @Test
    void findsNul() {
        assertThat(decode("a\r\n\0.\r\nb\r\n.\r\n").fault()).isEqualTo(Fault.NUL);
        assertThat(decode("a\r\n\0.\r\nb\r\n").atEnd()).isFalse();
    }

    @Test
    void findsEndAtEveryDistanceFromTheStartOfTheBuffer() {
        for (int length = 0; length < 40; length++) {
            String text = "x".repeat(length) + "\r\n";
            assertThat(decode(text + ".\r\nNOOP\r\n"))
                    .isEqualTo(new Decoded(text, true, Fault.NONE, text.length() + 3));
        }
    }
}
