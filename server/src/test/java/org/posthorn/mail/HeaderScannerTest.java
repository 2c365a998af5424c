package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderScannerTest {
    @Test
    void takesTheHeaderApartWhereverTheBytesAreCut() {
        String message = "From: a@b.c\r\nSubject : one\r\n two\r\nX:\r\n\r\nBody: no\r\n";
        for (int piece = 1; piece < message.length(); piece++) {
            HeaderScanner scanner = new HeaderScanner(1000);
            byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
            int taken = 0;
            while (!scanner.isComplete()) {
                taken += scanner.feed(bytes, taken, Math.min(piece, bytes.length - taken));
            }
            assertThat(message.substring(taken)).isEqualTo("Body: no\r\n");
            var scanned = scanner.scanned();
            assertThat(scanned.body()).isEmpty();
            assertThat(scanned.fields())
                    .containsExactly(
                            new HeaderField("From: a@b.c"),
                            new HeaderField("Subject : one\r\n two"),
                            new HeaderField("X:"));
            HeaderField subject = scanned.fields().get(1);
            assertThat(subject.name()).isEqualTo("Subject");
            assertThat(subject.is("subject")).isTrue();
            assertThat(subject.is("subjects")).isFalse();
            assertThat(subject.unfolded()).isEqualTo("one two");
        }
    }

    @Test
    void whatIsNoFieldBeginsTheBody() {
        HeaderScanner scanner = scan("A: 1\r\nno field here\r\nB: 2\r\n\r\n");
        assertThat(scanner.scanned())
                .isEqualTo(new HeaderScanner.Scanned(
                        java.util.List.of(new HeaderField("A: 1")), "no field here\r\nB: 2\r\n"));
        assertThat(scan(" folded\r\nA: 1\r\n\r\n").scanned().fields()).isEmpty();
        assertThat(scan("\u00e9: 1\r\n\r\n").scanned().body()).isEqualTo("\u00e9: 1\r\n");
    }

    @Test
    void messageMayBeAllHeader() {
        HeaderScanner scanner = scan("A: 1\r\nB: 2");
        assertThat(scanner.isComplete()).isFalse();
        assertThat(scanner.scanned().fields()).containsExactly(new HeaderField("A: 1"), new HeaderField("B: 2"));
        assertThat(scan("\r\nbody").isComplete()).isTrue();
        assertThat(scan("").scanned().fields()).isEmpty();
    }

    @Test
    void takesNoMoreThanItsLimit() {
        HeaderScanner scanner = new HeaderScanner(10);
        byte[] bytes = "A: 1\r\nB: 23456789\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        scanner.feed(bytes, 0, bytes.length);
        assertThat(scanner.isTooLarge()).isTrue();
        assertThat(scanner.feed(bytes, 0, bytes.length)).isZero();
        assertThat(scanner.scanned().fields()).containsExactly(new HeaderField("A: 1"));
    }

    private static HeaderScanner scan(String text) {
        HeaderScanner scanner = new HeaderScanner(1000);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        scanner.feed(bytes, 0, bytes.length);
        return scanner;
    }
}
