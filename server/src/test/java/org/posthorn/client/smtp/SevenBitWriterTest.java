package org.posthorn.client.smtp;

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

class SevenBitWriterTest {
    private static String convert(String message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SevenBitWriter writer = new SevenBitWriter(out);
        writer.write(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        writer.end();
        return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
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
    void leavesAloneWhatIsNotDeclared() throws IOException {
        for (String message : new String[] {
            "Subject: \u00e4\n\n\u00f6\n", "no header at all\n", "", "Content-Type: multipart/mixed\n\n\u00e4\n", "X: y"
        }) {
            assertThat(convert(message)).isEqualTo(message);
        }
    }

    @Test
    void aHeaderWithoutEndIsPassedOnWhole() throws IOException {
        String message = "X-Long: " + "y".repeat(200_000) + "\nContent-Transfer-Encoding: 8bit\n\n\u00e4\n";
        assertThat(convert(message)).isEqualTo(message);
    }
}
