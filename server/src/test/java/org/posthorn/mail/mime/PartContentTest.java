package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.mail.MessageContent;

class PartContentTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Now's the time =~for all folk to come=~ to the aid of their country."
                        + "|Now's the time for all folk to come to the aid of their country.",
                "a=3Db=3db|a=b=b",
                "a   ~b\t ~|a~b~",
                "a =20 ~b|a  ~b",
                "a= \t~b|ab",
                "a=zb=4|a=zb=4",
                "a=|a=",
                "a==41|a=A",
                "=C3=A4|ä",
                "a=~|a"
            })
    void decodesQuotedPrintable(String encoded, String decoded) throws IOException {
        assertThat(decode(encoded.replace("~", "\r\n"), "quoted-printable")).isEqualTo(decoded.replace("~", "\r\n"));
        assertThat(decode(encoded.replace("~", "\n"), "quoted-printable")).isEqualTo(decoded.replace("~", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Zg==|f",
                "Zm8=|fo",
                "Zm9v|foo",
                "Zm9v\\nYmFy|foobar",
                "Zm9vYg|foob",
                "Zm9vYmE|fooba",
                "Z m.9-v|foo",
                "Zg==\\nZm8=|ffo",
                "Zg== ignored|f",
                "Z|''",
                "====|''"
            })
    void decodesBase64(String encoded, String decoded) throws IOException {
        assertThat(decode(encoded.replace("\\n", "\r\n"), "base64")).isEqualTo(decoded);
    }

    @Test
    void decodesLargeBodiesWhateverThePieces() throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(3).nextBytes(bytes);
        byte[] base64 = Base64.getMimeEncoder().encode(bytes);
        try (InputStream in = new DecodedStream(new ByteArrayInputStream(base64), new Base64Decoder())) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        String spaces = "a" + " ".repeat(50_000) + "b";
        assertThat(decode(spaces, "quoted-printable")).isEqualTo(spaces);
    }

    @Test
    void takesUnknownEncodingForNone() throws IOException {
        assertThat(decode("a=41", "x-uue")).isEqualTo("a=41");
    }

    @Test
    void readsTextInItsCharset() throws IOException {
        assertThat(text("Content-Type: text/plain; charset=iso-8859-15\r\n\r\n", "\u00a4"))
                .isEqualTo("€");
        assertThat(text("Content-Type: text/plain; charset=utf-8\r\n\r\n", "\u00c3\u00a4"))
                .isEqualTo("ä");
        assertThat(text(
                        "Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                        "8NLJ18XU"))
                .isEqualTo("Привет");
    }

    @Test
    void guessesCharsetThatIsNotStated() throws IOException {
        assertThat(text("\r\n", "\u00c3\u00a4")).isEqualTo("ä");
        assertThat(text("\r\n", "\u00e4 \u0080")).isEqualTo("ä €");
        assertThat(text("Content-Type: text/plain; charset=unknown-8bit\r\n\r\n", "\u00e4"))
                .isEqualTo("ä");
        // a character across the end of what is looked at
        assertThat(text("\r\n", "x".repeat(4095) + "\u00c3\u00a4")).endsWith("xä");
    }

    @Test
    void replacesWhatIsNoCharacter() throws IOException {
        assertThat(text("Content-Type: text/plain; charset=utf-8\r\n\r\n", "a\u00ffb"))
                .isEqualTo("a\uFFFDb");
    }

    @Test
    void givesAllTextForSearching() throws IOException {
        Parsed parsed = Parsed.of("""
                Subject: =?utf-8?q?=C3=A4u=C3=9Fere?= Nachricht
                Content-Type: multipart/mixed; boundary=b

                preamble
                --b
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: base64

                PGI+w6Q8L2I+
                --b
                Content-Type: image/png
                Content-Transfer-Encoding: base64

                aW1hZ2U=
                --b
                Content-Type: message/rfc822

                Subject: =?utf-8?q?inner?=

                =41
                --b--
                """);
        MessageContent content = MessageContent.of(parsed.bytes());

        assertThat(read(MessageText.body(content, parsed.root()))).isEqualTo("\n<b>ä</b>\nSubject: inner\r\n\n=41");
        assertThat(read(MessageText.whole(content, parsed.root())))
                .startsWith("\nSubject: äußere Nachricht\r\nContent-Type: multipart/mixed; boundary=b\r\n\n<b>ä</b>");
    }

    private static String decode(String encoded, String encoding) throws IOException {
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        try (InputStream in = new DecodedStream(new ByteArrayInputStream(bytes), TransferDecoder.of(encoding))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String text(String header, String body) throws IOException {
        Parsed parsed = new Parsed((header + body).getBytes(StandardCharsets.ISO_8859_1));
        return read(PartContent.text(MessageContent.of(parsed.bytes()), parsed.root()));
    }

    private static String read(Reader reader) throws IOException {
        try (reader) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        }
    }

    @Test
    void streamsOctetByOctet() throws IOException {
        try (InputStream in = new DecodedStream(
                new ByteArrayInputStream("/w==".getBytes(StandardCharsets.US_ASCII)), new Base64Decoder())) {
            assertThat(in.available()).isZero();
            assertThat(in.read(new byte[0])).isZero();
            assertThat(in.read()).isEqualTo(255);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[1])).isEqualTo(-1);
        }
        try (InputStream in = new DecodedStream(
                new ByteArrayInputStream("abc".getBytes(StandardCharsets.US_ASCII)), new IdentityDecoder())) {
            assertThat(in.read()).isEqualTo('a');
            assertThat(in.available()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=4|=4",
                "=4~a|=4~a",
                "=4x|=4x",
                "=x|=x",
                "= x|=x",
                "=\tx|=x",
                "= ~x|x",
                "=~~x|~x",
                "a=~ b|a b",
                "=41=4a=4F|AJO",
                "a \tb|a \tb",
                "a \t=20~|a \t ~"
            })
    void takesWhatIsNoEscapeAsItStands(String encoded, String decoded) throws IOException {
        assertThat(decode(encoded.replace("~", "\r\n"), "quoted-printable")).isEqualTo(decoded.replace("~", "\r\n"));
    }

    @Test
    void readsTextWithoutACharsetByItsFirst4096Octets() throws IOException {
        assertThat(text("\r\n", "x".repeat(4_094) + "\u00e4x")).endsWith("x\u00e4x");
        assertThat(text("\r\n", "\u00c3\u00bc" + "x".repeat(4_094) + "\u00e4"))
                .startsWith("\u00fcx")
                .endsWith("\ufffd");
        assertThat(text("Content-Type: text/plain; charset=us-ascii\r\n\r\n", "\u00c3\u00bc"))
                .isEqualTo("\u00fc");
        assertThat(text("\r\n", "\u00c3")).isEqualTo("\u00c3");
        assertThat(text("\r\n", "")).isEmpty();
    }

    @Test
    void searchedTextIsReadInPieces() throws IOException {
        Parsed parsed = Parsed.of("Subject: a\n\nbody\n");
        MessageContent content = MessageContent.of(parsed.bytes());
        try (Reader reader = MessageText.whole(content, parsed.root())) {
            assertThat(reader.read(new char[0])).isZero();
            StringBuilder text = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                text.append((char) c);
            }
            assertThat(text.toString()).isEqualTo("\nSubject: a\r\n\nbody\r\n");
        }
        Reader closed = MessageText.whole(content, parsed.root());
        closed.close();
        assertThatThrownBy(() -> closed.read(new char[1])).isInstanceOf(IOException.class);
    }
}
