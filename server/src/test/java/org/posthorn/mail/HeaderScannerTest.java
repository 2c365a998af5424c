package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** What stands there, and the fields that come of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\sx~From: a@b~~ | X-Malformed-Line:  x / From: a@b",
                "no field~From: a@b~~ | X-Malformed-Line: no field / From: a@b",
                ": x~From: a@b~~ | X-Malformed-Line: : x / From: a@b",
                "X Y: z~From: a@b~~ | X-Malformed-Line: X Y: z / From: a@b",
                "From c@d Mon~From: a@b~~ | X-Mailbox-Line: From c@d Mon / From: a@b",
                ">From c@d Mon~From: a@b~~ | X-Mailbox-Line: >From c@d Mon / From: a@b",
                "A: 1~one~\\stwo~three~B: 2~~ | A: 1 / X-Malformed-Line: one~\\stwo~\\sthree / B: 2",
                "F\u00e9: 1~A: 1~~ | X-Malformed-Line: F\u00e9: 1 / A: 1",
            })
    void linesThatAreNoFieldsHideNone(String header, String fields) {
        HeaderScanner.Scanned scanned = scan(unescaped(header)).scanned();
        assertThat(scanned.fields().stream().map(HeaderField::raw))
                .containsExactly(unescaped(fields).split(" / "));
        assertThat(scanned.stray()).isPresent();
        assertThat(scanned.body()).isEmpty();
    }

    private static String unescaped(String text) {
        return text.replace("~", "\r\n").replace("\\s", " ");
    }

    @Test
    void linesAfterTheLastFieldBeginTheBody() {
        assertThat(scan("A: 1\r\nDear Bob,\r\n thanks\r\n\r\n").scanned())
                .isEqualTo(new HeaderScanner.Scanned(
                        List.of(new HeaderField("A: 1")), Optional.of("Dear Bob,"), "Dear Bob,\r\n thanks\r\n\r\n"));
        assertThat(scan("A: 1\r\nno end").scanned())
                .isEqualTo(
                        new HeaderScanner.Scanned(List.of(new HeaderField("A: 1")), Optional.of("no end"), "no end"));
        assertThat(scan(" only\r\n\r\n").scanned().fields()).isEmpty();
        assertThat(scan("A: 1\r\n\r\n").scanned().stray()).isEmpty();
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

    @Test
    void takesAsMuchAsItsLimit() {
        byte[] bytes = "A: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        HeaderScanner just = new HeaderScanner(8);
        just.feed(bytes, 0, bytes.length);
        assertThat(just.isComplete()).isTrue();
        assertThat(just.isTooLarge()).isFalse();
        HeaderScanner less = new HeaderScanner(7);
        less.feed(bytes, 0, bytes.length);
        assertThat(less.isTooLarge()).isTrue();
    }

    private static HeaderScanner scan(String text) {
        HeaderScanner scanner = new HeaderScanner(1000);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        scanner.feed(bytes, 0, bytes.length);
        return scanner;
    }

    @Test
    void growsUpToItsLimit() {
        String header = "A: " + "x".repeat(5_000) + "\r\nB: " + "y".repeat(5_000) + "\r\n\r\n";
        for (int max : new int[] {header.length(), 1 << 20}) {
            HeaderScanner scanner = new HeaderScanner(max);
            byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < bytes.length; i += 700) {
                int count = Math.min(700, bytes.length - i);
                assertThat(scanner.feed(bytes, i, count)).isEqualTo(count);
            }
            assertThat(scanner.isComplete()).isTrue();
            assertThat(scanner.scanned().fields())
                    .extracting(field -> field.raw().length())
                    .containsExactly(5_003, 5_003);
        }
    }

    @Test
    void saysWhenFieldsAreTooMany() {
        List<HeaderField> most = Collections.nCopies(10_000, new HeaderField("A: 1"));
        assertThat(new HeaderScanner.Scanned(most, Optional.empty(), "").hasTooManyFields())
                .isFalse();
        List<HeaderField> more = Collections.nCopies(10_001, new HeaderField("A: 1"));
        assertThat(new HeaderScanner.Scanned(more, Optional.empty(), "").hasTooManyFields())
                .isTrue();
    }

    @Test
    void lineEndsMayBeLineFeedsAlone() {
        HeaderScanner scanner = scan("A: 1\nno field\n x\ny\nB: 2\n\nbody");
        assertThat(scanner.isComplete()).isTrue();
        assertThat(scanner.scanned().fields())
                .extracting(HeaderField::raw)
                .containsExactly("A: 1", "X-Malformed-Line: no field\n x\n y", "B: 2");
        assertThat(scan(">>From x\nA: 1\n\n").scanned().fields().getFirst().name())
                .isEqualTo("X-Mailbox-Line");
        assertThat(scan("From\nA: 1\n\n").scanned().fields().getFirst().name()).isEqualTo("X-Malformed-Line");
        assertThat(scan("From \nA: 1\n\n").scanned().fields().getFirst().name()).isEqualTo("X-Mailbox-Line");
        assertThat(scan("x\r\n\tA: 1\r\nA: 1\r\n\r\n")
                        .scanned()
                        .fields()
                        .getFirst()
                        .raw())
                .isEqualTo("X-Malformed-Line: x\r\n\tA: 1");
    }
}
