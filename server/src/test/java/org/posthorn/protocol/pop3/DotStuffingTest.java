package org.posthorn.protocol.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DotStuffingTest {
    /** In pieces of every size: the outcome must be the same. */
    private static String wire(String message, int lines) throws IOException {
        String whole = wire(message, lines, Math.max(1, message.length()));
        for (int piece = 1; piece < message.length(); piece++) {
            assertThat(wire(message, lines, piece)).as("pieces of " + piece).isEqualTo(whole);
        }
        return whole;
    }

    private static String wire(String message, int lines, int piece) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DotStuffing out = new DotStuffing(wire, lines);
        for (int i = 0; i < bytes.length; i += piece) {
            out.write(bytes, i, Math.min(piece, bytes.length - i));
        }
        out.finish();
        return wire.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void doublesDotAtTheStartOfLine() throws IOException {
        assertThat(wire(".\r\n..\r\na.\r\n\r\n.b\r\n", DotStuffing.ALL_LINES))
                .isEqualTo("..\r\n...\r\na.\r\n\r\n..b\r\n.\r\n");
    }

    @Test
    void endsLastLineWhereTheMessageDoesNot() throws IOException {
        assertThat(wire("text", DotStuffing.ALL_LINES)).isEqualTo("text\r\n.\r\n");
        assertThat(wire("", DotStuffing.ALL_LINES)).isEqualTo(".\r\n");
    }

    @Test
    void stopsAfterHeaderAndSomeLines() throws IOException {
        String message = "A: b\r\nC: d\r\n\r\n1\r\n\r\n.3\r\n4\r\n";
        assertThat(wire(message, 0)).isEqualTo("A: b\r\nC: d\r\n\r\n.\r\n");
        assertThat(wire(message, 3)).isEqualTo("A: b\r\nC: d\r\n\r\n1\r\n\r\n..3\r\n.\r\n");
        assertThat(wire(message, 100)).isEqualTo("A: b\r\nC: d\r\n\r\n1\r\n\r\n..3\r\n4\r\n.\r\n");
        assertThat(wire("A: b\r\n", 5)).isEqualTo("A: b\r\n.\r\n");
    }

    @Test
    void singleOctetsMakeTheSame() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DotStuffing out = new DotStuffing(wire, DotStuffing.ALL_LINES);
        for (char c : "a\r\n.\r\n".toCharArray()) {
            out.write(c);
        }
        out.finish();
        assertThat(wire.toString(StandardCharsets.ISO_8859_1)).isEqualTo("a\r\n..\r\n.\r\n");
    }

    /** The reader of the message stops there. */
    @Test
    void isFullBehindTheLastLineAskedFor() throws IOException {
        DotStuffing out = new DotStuffing(new ByteArrayOutputStream(), 1);
        assertThat(out.isFull()).isFalse();
        out.write("A: b\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(out.isFull()).isFalse();
        out.write("1\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(out.isFull()).isTrue();
        DotStuffing header = new DotStuffing(new ByteArrayOutputStream(), 0);
        assertThat(header.isFull()).isFalse();
        header.write("A: b\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(header.isFull()).isTrue();
        DotStuffing whole = new DotStuffing(new ByteArrayOutputStream(), DotStuffing.ALL_LINES);
        whole.write("A: b\r\n\r\n1\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(whole.isFull()).isFalse();
    }
}
