package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

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
}
