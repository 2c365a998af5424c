package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
}
