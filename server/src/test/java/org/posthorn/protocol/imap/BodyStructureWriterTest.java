package org.posthorn.protocol.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimeStructure;

/** BODY, BODYSTRUCTURE and ENVELOPE octet for octet (RFC 3501 7.4.2). */
class BodyStructureWriterTest {
    private static String structure(boolean extended, String... lines) throws IOException {
        ResponseBuffer out = new ResponseBuffer();
        byte[] message = (String.join("\r\n", lines) + "\r\n").getBytes(ISO_8859_1);
        BodyStructureWriter.write(out, MimeStructure.parse(MessageContent.of(message)), extended);
        return out.toString();
    }

    @Test
    void describesOneText() throws IOException {
        String[] message = {
            "Content-Type: text/plain; charset=utf-8; format=flowed",
            "Content-ID: <1@x.test>",
            "Content-Description: words",
            "Content-Transfer-Encoding: 8bit",
            "Content-MD5: Q2hlY2s=",
            "Content-Disposition: attachment; filename=a.txt",
            "Content-Language: en, de",
            "Content-Location: http://x.test/",
            "",
            "one",
            "two"
        };
        assertThat(structure(false, message))
                .isEqualTo("(\"text\" \"plain\" (\"charset\" \"utf-8\" \"format\" \"flowed\") \"<1@x.test>\" \"words\""
                        + " \"8bit\" 10 2)");
        assertThat(structure(true, message))
                .isEqualTo("(\"text\" \"plain\" (\"charset\" \"utf-8\" \"format\" \"flowed\") \"<1@x.test>\" \"words\""
                        + " \"8bit\" 10 2 \"Q2hlY2s=\" (\"attachment\" (\"filename\" \"a.txt\")) (\"en\" \"de\")"
                        + " \"http://x.test/\")");
    }

    @Test
    void describesWhatIsLeftOut() throws IOException {
        assertThat(structure(
                        true,
                        "Content-Type: image/png",
                        "Content-Disposition: inline",
                        "Content-Language: en",
                        "",
                        "x"))
                .isEqualTo("(\"image\" \"png\" NIL NIL NIL \"7bit\" 3 NIL (\"inline\" NIL) \"en\" NIL)");
        assertThat(structure(true, "Content-Type: image/png", "", "x"))
                .isEqualTo("(\"image\" \"png\" NIL NIL NIL \"7bit\" 3 NIL NIL NIL NIL)");
    }

    @Test
    void describesParts() throws IOException {
        String[] message = {
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
            "",
            "one",
            "--b",
            "Content-Type: image/png",
            "",
            "--b--"
        };
        assertThat(structure(false, message))
                .startsWith("((\"text\" \"plain\" ")
                .endsWith(" \"mixed\")");
        assertThat(structure(true, message)).endsWith(" \"mixed\" (\"boundary\" \"b\") NIL NIL NIL)");
        assertThat(structure(false, "Content-Type: multipart/mixed; boundary=b", "", "nothing"))
                .isEqualTo("((\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0) \"mixed\")");
    }

    @Test
    void describesAMessageInAMessageWithItsEnvelope() throws IOException {
        assertThat(structure(
                        false,
                        "Content-Type: message/rfc822",
                        "",
                        "Date: Thu, 1 Jan 2026 00:00:00 +0000",
                        "Subject: \"quoted\"",
                        "From: Anna <anna@x.test>",
                        "Sender: <@a.test:berta@x.test>",
                        "To: friends: carl@x.test, Dora <dora@x.test>;, nobody",
                        "Cc: undisclosed:;",
                        "In-Reply-To: <1@x.test>",
                        "Message-ID: <2@x.test>",
                        "",
                        "body"))
                .isEqualTo("(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 246"
                        + " (\"Thu, 1 Jan 2026 00:00:00 +0000\" \"\\\"quoted\\\"\""
                        + " ((\"Anna\" NIL \"anna\" \"x.test\"))"
                        + " ((NIL \"@a.test\" \"berta\" \"x.test\"))"
                        + " ((\"Anna\" NIL \"anna\" \"x.test\"))"
                        + " ((NIL NIL \"friends\" NIL)(NIL NIL \"carl\" \"x.test\")(\"Dora\" NIL \"dora\" \"x.test\")"
                        + "(NIL NIL NIL NIL)(NIL NIL \"nobody\" \"\"))"
                        + " ((NIL NIL \"undisclosed\" NIL)(NIL NIL NIL NIL)) NIL \"<1@x.test>\" \"<2@x.test>\")"
                        + " (\"text\" \"plain\" NIL NIL NIL \"7bit\" 6 1) 10)");
    }
}
