package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseBufferTest {
    private final ResponseBuffer out = new ResponseBuffer();

    @Test
    void choosesTheFormOfAString() {
        out.string("a b")
                .space()
                .string("q\"\\")
                .space()
                .string("\u00fc\n")
                .space()
                .nstring(Optional.empty());
        assertThat(out.toString()).isEqualTo("\"a b\" \"q\\\"\\\\\" {2}\r\n\u00fc\n NIL");
    }

    @Test
    void writesMailboxNamesAsAtomsWhereItCan() {
        out.mailbox("INBOX")
                .space()
                .mailbox("a b")
                .space()
                .mailbox("Entwürfe")
                .space()
                .mailbox("nil");
        assertThat(out.toString()).isEqualTo("INBOX \"a b\" Entw&APw-rfe \"nil\"");
    }

    @Test
    void writesNumbersListsAndDates() {
        out.number(0)
                .space()
                .number(4294967295L)
                .space()
                .list(List.of("\\Seen", "x"))
                .internalDate(Instant.parse("1996-07-17T09:44:25Z").toEpochMilli());
        assertThat(out.toString()).isEqualTo("0 4294967295 (\\Seen x)\"17-Jul-1996 09:44:25 +0000\"");
    }

    @Test
    void grows() {
        out.text("x".repeat(100_000)).number(12);
        assertThat(out.size()).isEqualTo(100_002);
    }

    private static String string(String text) {
        return new ResponseBuffer().string(text).toString();
    }

    /** A thousand characters are quoted, more are a literal; so is what is no seven-bit text. */
    @Test
    void quotesAThousandCharacters() {
        String longest = "x".repeat(1_000);
        assertThat(string(longest)).isEqualTo('"' + longest + '"');
        assertThat(string(longest + "x")).isEqualTo("{1001}\r\n" + longest + "x");
        assertThat(string("\u007f")).isEqualTo("\"\u007f\"");
        assertThat(string("\u0080")).isEqualTo("{1}\r\n\u0080");
        assertThat(string("\0")).isEqualTo("{1}\r\n\u0080");
        assertThat(string("a\rb")).isEqualTo("{3}\r\na\rb");
        assertThat(string("")).isEqualTo("\"\"");
        assertThat(string("\\")).isEqualTo("\"\\\\\"");
    }

    @Test
    void quotesFieldNamesThatAreNoAtoms() {
        assertThat(ResponseBuffer.quotedIfNeeded("Subject")).isEqualTo("Subject");
        assertThat(ResponseBuffer.quotedIfNeeded("")).isEqualTo("\"\"");
        assertThat(ResponseBuffer.quotedIfNeeded("a\"b")).isEqualTo("\"a\\\"b\"");
        assertThat(ResponseBuffer.quotedIfNeeded("\u00fc")).isEqualTo("{1}\r\n\u00fc");
    }

    @Test
    void writesWhatItHolds() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        out.text("a").crlf().bytes(new byte[] {'x', 'b', 'c', 'y'}, 1, 2).mailbox("");
        out.drainTo(stream);
        assertThat(out.size()).isZero();
        out.text("d").drainTo(stream);
        assertThat(stream.toString(StandardCharsets.ISO_8859_1)).isEqualTo("a\r\nbc\"\"d");
    }

    @Test
    void forgetsWhatWasWrittenSince() {
        out.text("abc").cutTo(3);
        out.cutTo(1);
        assertThat(out.toString()).isEqualTo("a");
        assertThatIllegalArgumentException().isThrownBy(() -> out.cutTo(2)).withMessage("only 1 octets are there");
    }

    /** Each form where the first 1,024 octets are full, or nearly so. */
    @Test
    void growsForEachForm() {
        for (int before = 1_000; before <= 1_024; before++) {
            String filler = "x".repeat(before);
            assertThat(new ResponseBuffer().text(filler).number(12_345_678_901L).toString())
                    .isEqualTo(filler + "12345678901");
            assertThat(new ResponseBuffer().text(filler).crlf().toString()).isEqualTo(filler + "\r\n");
            assertThat(new ResponseBuffer().text(filler).character('c').toString())
                    .isEqualTo(filler + "c");
            assertThat(new ResponseBuffer()
                            .text(filler)
                            .bytes(new byte[] {'a', 'b', 'c'}, 0, 3)
                            .toString())
                    .isEqualTo(filler + "abc");
            assertThat(new ResponseBuffer().text(filler).text("abc").toString()).isEqualTo(filler + "abc");
        }
    }

    @Test
    void numbersHaveTheirDigits() {
        for (long number : new long[] {0, 9, 10, 99, 100, 1_000_000, Long.MAX_VALUE}) {
            assertThat(new ResponseBuffer().number(number).toString()).isEqualTo(Long.toString(number));
        }
    }
}
