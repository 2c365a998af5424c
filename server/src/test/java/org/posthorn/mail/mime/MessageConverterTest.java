package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;

class MessageConverterTest {
    private static String convert(String message) throws IOException {
        return convert(message, true);
    }

    private static String convert(String message, boolean sevenBit) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        MessageConverter converter =
                MessageConverter.to(out, MessageConverter.survey(MessageContent.of(bytes)), sevenBit);
        converter.write(bytes);
        converter.end();
        String lines = out.toString(StandardCharsets.UTF_8).replace("\r\n", "\0");
        assertThat(lines).as("line ends").doesNotContain("\r", "\n");
        return lines.replace('\0', '\n');
    }

    private static boolean resists(String message) throws IOException {
        return MessageConverter.survey(
                        MessageContent.of(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)))
                .resistsSevenBit();
    }

    @Test
    void encodesABodyOfEightBits() throws IOException {
        assertThat(convert("""
                Subject: x
                Content-Type: text/plain; charset=utf-8
                Content-transfer-encoding: 8bit

                Gr\u00fc\u00dfe = 1\s
                .dot
                """)).isEqualTo("""
                Subject: x
                Content-Type: text/plain; charset=utf-8
                MIME-Version: 1.0
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=BC=C3=9Fe =3D 1=20
                .dot
                """);
    }

    @Test
    void breaksLongLinesSoftly() throws IOException {
        String text = "\u00e4".repeat(3000) + "x".repeat(9000);
        String converted = convert("Content-Transfer-Encoding: binary\n\n" + text + "\nend");
        assertThat(converted.lines()).allMatch(line -> line.length() <= 76);
        ByteArrayInputStream in =
                new ByteArrayInputStream(converted.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ((SingleBody) new DefaultMessageBuilder().parseMessage(in).getBody()).writeTo(body);
        assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo(text + "\r\nend");
    }

    @Test
    void encodesOnlyThePartsThatAreDeclaredSo() throws IOException {
        String message = """
                MIME-Version: 1.0
                Content-Type: multipart/mixed;
                 boundary="outer one"
                Content-Transfer-Encoding: 8bit

                preamble
                --outer one
                Content-Type: multipart/alternative; boundary=inner

                --inner
                Content-Transfer-Encoding: 8bit

                \u00e4
                --inner
                Content-Transfer-Encoding: base64

                QUJD
                --inner--
                --outer one
                Content-Type: message/rfc822
                Content-Transfer-Encoding: 8bit

                Subject: within
                Content-Transfer-Encoding: 8bit

                \u00f6
                --outer one
                Content-Transfer-Encoding: 7bit

                plain
                --outer one--
                """;
        String converted = convert(message);
        assertThat(converted)
                .isEqualTo(message.replace(
                                "boundary=\"outer one\"\nContent-Transfer-Encoding: 8bit",
                                "boundary=\"outer one\"\nContent-Transfer-Encoding: 7bit")
                        .replace(
                                "message/rfc822\nContent-Transfer-Encoding: 8bit",
                                "message/rfc822\nContent-Transfer-Encoding: 7bit")
                        .replace(
                                "Content-Transfer-Encoding: 8bit\n\n\u00e4",
                                "Content-Transfer-Encoding: quoted-printable\n\n=C3=A4")
                        .replace(
                                "Content-Transfer-Encoding: 8bit\n\n\u00f6",
                                "Content-Transfer-Encoding: quoted-printable\n\n=C3=B6"));
        Multipart parsed = (Multipart) new DefaultMessageBuilder()
                .parseMessage(
                        new ByteArrayInputStream(converted.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII)))
                .getBody();
        assertThat(parsed.getBodyParts())
                .extracting(Entity::getMimeType)
                .containsExactly("multipart/alternative", "message/rfc822", "text/plain");
    }

    @Test
    void textOfWhichNothingIsSaidBecomesMime() throws IOException {
        assertThat(convert("Subject: x\n\n\u00f6\n")).isEqualTo("""
                Subject: x
                MIME-Version: 1.0
                Content-Type: text/plain; charset=unknown-8bit
                Content-Transfer-Encoding: quoted-printable

                =C3=B6
                """);
        String seven = "Content-Type: text/html\nContent-Transfer-Encoding: 7bit\n\n\u00f6\n";
        assertThat(convert(seven)).contains("Content-Transfer-Encoding: quoted-printable\n\n=C3=B6\n");
    }

    @Test
    void leavesAloneWhatNeedsNothing() throws IOException {
        for (String message : new String[] {"Subject: x\n\ny\n", "no header at all\n", "", "X: y"}) {
            assertThat(convert(message)).isEqualTo(message);
            assertThat(resists(message)).isFalse();
        }
    }

    @Test
    void saysWhatCannotBeMadeSevenBit() throws IOException {
        for (String message : new String[] {
            "Subject: \u00e4\n\nx\n",
            "Content-Type: multipart/mixed\n\n\u00e4\n",
            "Content-Transfer-Encoding: x-odd\n\n\u00e4\n",
            "Content-Type: message/partial\n\n\u00e4\n",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nX: \u00e4\n\nx\n--b--\n"
        }) {
            assertThat(resists(message)).as(message).isTrue();
        }
        assertThat(resists("X: y\n\n\u00e4\n")).isFalse();
    }

    @Test
    void aHeaderOfHalfAMebibyteIsConvertedAndALargerOneIsSaidToResist() throws IOException {
        String rest = "Content-Transfer-Encoding: 8bit\n\n\u00e4\n";
        String large = "X-Long: y\n".repeat(9_000);
        assertThat(convert(large + rest)).endsWith("Content-Transfer-Encoding: quoted-printable\n\n=C3=A4\n");
        String tooLarge = "X-Long: y\n".repeat(524_288 / 11 + 1);
        assertThat(convert(tooLarge + rest)).isEqualTo(tooLarge + rest);
        assertThat(resists(tooLarge + rest)).isTrue();
    }

    @Test
    void onlyPartsWithLinesOver998OctetsAreEncodedForTheirLength() throws IOException {
        String message = """
                Content-Type: multipart/mixed; boundary=b
                Content-Transfer-Encoding: 8bit

                --b
                Content-Type: text/html

                %s
                --b
                Content-Transfer-Encoding: 8bit

                \u00e4 %s
                --b--
                """;
        String fits = message.formatted("w".repeat(998), "x");
        assertThat(convert(fits, false)).isEqualTo(fits);
        String converted = convert(message.formatted("w".repeat(999), "x"), false);
        assertThat(converted)
                .contains("Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\nwww")
                .endsWith("--b\nContent-Transfer-Encoding: 8bit\n\n\u00e4 x\n--b--\n")
                .startsWith("Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 8bit\n");
        assertThat(converted.lines()).allMatch(line -> line.length() <= 76);
    }

    @Test
    void leavesSignedPartsAsTheyWereSigned() throws IOException {
        String message = "Content-Type: multipart/signed; boundary=b\n\n--b\n\n" + "w".repeat(2000) + "\n--b--\n";
        assertThat(convert(message, false)).isEqualTo(message);
    }

    @Test
    void breaksLongLinesOfEncodedParts() throws IOException {
        String base64 = convert("Content-Transfer-Encoding: base64\n\n" + "QUJD".repeat(400) + "\n", false);
        assertThat(base64.lines()).allMatch(line -> line.length() <= 76);
        assertThat(base64.replace("\n", "")).endsWith("QUJD".repeat(400));
        String quoted =
                convert("Content-Transfer-Encoding: quoted-printable\n\n" + "=C3=A4b".repeat(400) + "\n", false);
        assertThat(quoted.lines()).allMatch(line -> line.length() <= 76);
        assertThat(quoted.replace("=\n", "")).endsWith("=C3=A4b".repeat(400) + "\n");
    }

    @Test
    void foldsLongHeaderLinesAtWhiteSpace() throws IOException {
        String converted = convert("Subject: " + "word ".repeat(500) + "\nX: " + "y".repeat(2000) + "\n\nx\n", false);
        assertThat(converted.lines().filter(line -> line.length() > 998)).containsExactly("X: " + "y".repeat(2000));
        assertThat(converted.replace("\n ", " "))
                .startsWith("Subject: " + "word ".repeat(500).strip());
    }

    private static String quotedPrintable(String text) throws IOException {
        String converted = convert("Content-Transfer-Encoding: 8bit\n\n" + text);
        return converted.substring(converted.indexOf("\n\n") + 2);
    }

    /** RFC 2045 6.7 (5): 76 characters, the equals sign of the soft break among them. */
    @Test
    void quotedLinesHave76Characters() throws IOException {
        assertThat(quotedPrintable("\u00e4" + "x".repeat(69) + "\n")).isEqualTo("=C3=A4" + "x".repeat(69) + "\n");
        assertThat(quotedPrintable("\u00e4" + "x".repeat(70) + "\n")).isEqualTo("=C3=A4" + "x".repeat(69) + "=\nx\n");
        assertThat(quotedPrintable("\u00e4" + "x".repeat(67) + "=\n"))
                .isEqualTo("=C3=A4" + "x".repeat(67) + "=\n=3D\n");
        assertThat(quotedPrintable("\u00e4" + "x".repeat(66) + "=\n")).isEqualTo("=C3=A4" + "x".repeat(66) + "=3D\n");
        assertThat(quotedPrintable("\u00e4 ~!\t\u007f\u001f \n\n \t\n")).isEqualTo("=C3=A4 ~!\t=7F=1F=20\n\n =09\n");
        assertThat(quotedPrintable("\u00e4")).isEqualTo("=C3=A4");
    }

    @Test
    void softBreaksPartNoEscape() throws IOException {
        String header = "Content-Transfer-Encoding: quoted-printable\n\n";
        String line = "x".repeat(73) + "=C3=A4" + "y".repeat(1_000);
        String converted = convert(header + line + "=\nz\n", false);
        assertThat(converted).startsWith(header + "x".repeat(73) + "=\n=C3=A4" + "y".repeat(69) + "=\n");
        assertThat(converted.lines()).allMatch(text -> text.length() <= 76);
        assertThat(converted.replace("=\n", "")).isEqualTo(header + line + "z\n");
    }

    @Test
    void aSoftBreakThatIsThereNeedsNoRoom() throws IOException {
        String message = "Content-Transfer-Encoding: quoted-printable\n\n" + "x".repeat(75) + "=\n%s\n";
        assertThat(convert(message.formatted("y".repeat(999)), false))
                .isEqualTo(message.formatted(("y".repeat(75) + "=\n").repeat(13) + "y".repeat(24)));
    }

    @Test
    void base64LinesHave76CharactersAndNoOthers() throws IOException {
        String header = "Content-Transfer-Encoding: base64\n\n";
        assertThat(convert(header + "A".repeat(1_000) + "\u00e4\n", false))
                .isEqualTo(header + ("A".repeat(76) + "\n").repeat(13) + "A".repeat(12) + "\n");
    }

    /** RFC 5322 2.1.1: 998 octets; what stands before the first white space stays together. */
    @Test
    void foldsHeaderLinesOf999Octets() {
        String fits = "X: " + "a".repeat(900) + " " + "b".repeat(94) + "\r\n";
        assertThat(PartHeader.folded(fits)).isEqualTo(fits);
        assertThat(PartHeader.folded(fits.replace("\r\n", "b\r\n")))
                .isEqualTo("X: " + "a".repeat(900) + "\r\n " + "b".repeat(95) + "\r\n");
        assertThat(PartHeader.folded("X: " + "a".repeat(995) + "\t" + "b".repeat(9)))
                .isEqualTo("X: " + "a".repeat(995) + "\r\n\t" + "b".repeat(9));
        String solid = "X: " + "a".repeat(1_000) + " b";
        assertThat(PartHeader.folded(solid)).isEqualTo(solid);
        String twice = "X: " + "a".repeat(990) + " " + "b".repeat(990) + " " + "c".repeat(990);
        assertThat(PartHeader.folded(twice))
                .isEqualTo(twice.replace(" b", "\r\n b").replace(" c", "\r\n c"));
    }

    @Test
    void whatNobodyReadsLosesItsEightBitsAndLongLines() throws IOException {
        String message =
                "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 8bit\n\n%s\n--b\n\none\n--b--\n%s\n";
        assertThat(convert(message.formatted("pre\u00e4mble", "epilogue\u00e4")))
                .isEqualTo(message.replace("8bit", "7bit").formatted("pre??mble", "epilogue??"));
        String margin = "m".repeat(998);
        assertThat(convert(message.formatted(margin, "x"), false)).isEqualTo(message.formatted(margin, "x"));
        assertThat(convert(message.formatted(margin + "mm", "x"), false))
                .isEqualTo(message.formatted(margin + "\nmm", "x"));
    }

    @Test
    void aMessageMayEndAnywhere() throws IOException {
        assertThat(convert("Content-Transfer-Encoding: 8bit\n\n\u00e4 x")).endsWith("=C3=A4 x");
        assertThat(convert("X: y\n")).isEqualTo("X: y\n");
        assertThat(convert("Content-Type: multipart/mixed; boundary=b\n\n--b\nX: y\n--b--"))
                .isEqualTo("Content-Type: multipart/mixed; boundary=b\n\n--b\nX: y\n--b--");
        assertThat(
                        convert(
                                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\u00e4\n--bb\n--b--x\n--b  \n\nz\n--b--\n"))
                .contains("--bb\n", "--b  \n\nz\n--b--\n");
    }
}
