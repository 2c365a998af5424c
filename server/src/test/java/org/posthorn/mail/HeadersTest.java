package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private static final String HEADER =
            "Received: one\r\nSubject:  Hello\r\n\tfolded \r\n world  \r\nfrom : a@b\r\nRECEIVED: two\r\n\r\nX: body\r\n";

    @Test
    void findsFieldsInOrder() {
        Headers headers = parse(HEADER);

        assertThat(headers).extracting(FieldView::name).containsExactly("Received", "Subject", "from", "RECEIVED");
        assertThat(headers.isComplete()).isTrue();
        assertThat(headers.count("received")).isEqualTo(2);
        assertThat(headers.all("Received")).extracting(FieldView::value).containsExactly("one", "two");
        assertThat(headers.value("From")).contains("a@b");
        assertThat(headers.has("X")).isFalse();
    }

    @Test
    void unfoldsValueAndKeepsRawBytes() throws IOException {
        FieldView subject = parse(HEADER).first("subject").orElseThrow();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        subject.writeTo(raw);

        assertThat(subject.value()).isEqualTo("Hello\tfolded  world");
        assertThat(raw.toString(StandardCharsets.US_ASCII))
                .isEqualTo("Subject:  Hello\r\n\tfolded \r\n world  \r\n")
                .isEqualTo(HEADER.substring(subject.offset(), subject.offset() + subject.length()));
        assertThat(subject.raw()).isEqualTo(raw.toByteArray());
        assertThat(new String(subject.rawValue(), StandardCharsets.US_ASCII)).startsWith("  Hello");
    }

    @Test
    void passesOverLinesThatAreNoFields() {
        Headers headers = parse(
                "From alice Sat Jan  1 00:00:00 2000\r\n continued\r\nA: 1\r\nno field\r\n at all\r\n: x\r\nB: 2\r\n\r\n");

        assertThat(headers).extracting(FieldView::toString).containsExactly("A: 1", "B: 2");
    }

    @Test
    void survivesLoneLineFeedsAndMissingEnd() {
        Headers headers = parse("A: 1\nB: 2\n 3\nC: 4");

        assertThat(headers).extracting(FieldView::value).containsExactly("1", "2 3", "4");
        assertThat(headers.isComplete()).isFalse();
        assertThat(parse("A: 1\n\nB: 2").count()).isEqualTo(1);
        assertThat(parse("").count()).isZero();
    }

    @Test
    void readsUtf8AndElseLatin1() {
        assertThat(parse("S: \u00e4\r\n\r\n").value("S")).contains("ä");
        byte[] latin1 = "S: \u00e4\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Headers.parse(latin1).value("S")).contains("ä");
    }

    @Test
    void decodesEncodedWords() {
        assertThat(parse("Subject: =?utf-8?q?=C3=A4?=\r\n =?utf-8?q?b?=\r\n\r\n")
                        .first("Subject")
                        .orElseThrow()
                        .decoded())
                .isEqualTo("äb");
    }

    @Test
    void keepsNoMoreThanItsLimits() {
        assertThat(parse("A:b\r\n".repeat(Headers.MAX_FIELDS + 10)).count()).isEqualTo(Headers.MAX_FIELDS);
        Headers large = parse("A: " + "x".repeat(Headers.MAX_OCTETS) + "\r\nB: 1\r\n\r\n");
        assertThat(large.has("A")).isTrue();
        assertThat(large.has("B")).isFalse();
        assertThat(large.isComplete()).isFalse();
    }

    @Test
    void readsHeaderOfContentWhateverItsSize() throws IOException {
        for (int length : new int[] {1, 8180, 8185, 8186, 8187, 8188, 8189, 8190, 20_000}) {
            String header = "A: " + "x".repeat(length) + "\r\nB: 1\r\n\r\n";
            Headers headers = Headers.read(content(header + "C: 2\r\n\r\n"));
            assertThat(headers).extracting(FieldView::name).containsExactly("A", "B");
            assertThat(headers.isComplete()).isTrue();
        }
        assertThat(Headers.read(content("\r\nA: 1\r\n")).count()).isZero();
        assertThat(Headers.read(content("\nA: 1\r\n")).count()).isZero();
        assertThat(Headers.read(content("A: 1\r\n\nB: 1\r\n")).count()).isEqualTo(1);
    }

    @Test
    void readsHeaderOfPart() throws IOException {
        MessageContent content = content("A: 1\r\n\r\nB: 2\r\nC: 3\r\n\r\n");
        assertThat(Headers.read(content, 8, 6)).extracting(FieldView::toString).containsExactly("B: 2");
    }

    private static MessageContent content(String text) {
        return MessageContent.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Headers parse(String text) {
        return Headers.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keeps10000FieldsOf256KiB() {
        assertThat(parse("A:b\r\n".repeat(10_001)).count()).isEqualTo(10_000);
        String start = "A: " + "x".repeat(262_144 - 5 - 3) + "\r\n";
        assertThat(parse(start + "B:1").has("B")).isTrue();
        assertThat(parse(start + "B:1").isComplete()).isFalse();
        assertThat(parse(start + "B:123").value("B")).contains("1");
        assertThat(parse("x" + start + "B:1").value("B")).contains("");
    }

    @Test
    void readsARangeAndTellsOctets() {
        byte[] bytes = "X: 0\r\nA: \u00fc\r\n b\r\nC: 1\r\n".getBytes(StandardCharsets.ISO_8859_1);
        Headers range = Headers.parse(bytes, 6, 20);
        assertThat(range).extracting(FieldView::name).containsExactly("A", "C");
        assertThat(range.field(0).offset()).isEqualTo(6);
        assertThat(range.field(0).length()).isEqualTo(10);
        assertThat(range.field(0).octets()).isEqualTo("\u00fc b");
        assertThat(range.fields()).hasSize(2);
        assertThat(Headers.parse(bytes, 6, 17).count()).isEqualTo(1);
        var iterator = range.iterator();
        assertThat(iterator.next().name()).isEqualTo("A");
        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.next().name()).isEqualTo("C");
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    /** RFC 5322 2.2: printable ASCII but the colon. */
    @Test
    void namesAreOfPrintableCharacters() {
        assertThat(parse("!~: 1\r\n").value("!~")).contains("1");
        assertThat(parse("a \t: 1\r\n").value("A")).contains("1");
        assertThat(parse("A: 1\r\n").has("a")).isTrue();
        assertThat(parse("[: 1\r\n").has("{")).isFalse();
        assertThat(parse("@: 1\r\n").has("`")).isFalse();
        assertThat(parse("Z: 1\r\n").has("z")).isTrue();
        for (String line : new String[] {"a b: 1", ": 1", "a\u007f: 1", "\u00e4: 1", "a\u0001: 1", "a"}) {
            assertThat(parse(line + "\r\n").count()).as(line).isZero();
        }
    }

    @Test
    void unfoldsAtLineEndsOnly() {
        assertThat(parse("A: a\rb\r\n\tc\r\r\n d\r\n").value("A")).contains("a\rb\tc\r d");
        assertThat(parse("A:\r\n").value("A")).contains("");
        assertThat(parse("A: \t\r\n \r\n").value("A")).contains("");
        assertThat(HeaderText.ofOctets("\u00c3\u00bc")).isEqualTo("\u00fc");
        assertThat(HeaderText.ofOctets("\u00fc")).isEqualTo("\u00fc");
        assertThat(HeaderText.lower("AZaz@[\u00dc")).isEqualTo("azaz@[\u00dc");
    }
}
