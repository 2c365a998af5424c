package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.mail.HeaderAddress;

class MimeStructureTest {
    /** The example of RFC 3501 6.4.5, in which every part is to be found by its number. */
    private static final String NUMBERED = """
            From: a@b
            Content-Type: multipart/mixed; boundary=A

            --A
            Content-Type: text/plain

            one
            --A
            Content-Type: application/octet-stream

            two
            --A
            Content-Type: message/rfc822

            Subject: three
            Content-Type: multipart/mixed; boundary=B

            --B
            Content-Type: text/plain

            three-one
            --B
            Content-Type: application/octet-stream

            three-two
            --B--
            --A
            Content-Type: multipart/mixed; boundary=C

            --C
            Content-Type: image/gif

            four-one
            --C
            Content-Type: message/rfc822

            Subject: four-two
            Content-Type: multipart/mixed; boundary=D

            --D
            Content-Type: text/plain

            four-two-one
            --D
            Content-Type: multipart/alternative; boundary=E

            --E

            four-two-two-one
            --E
            Content-Type: text/richtext

            four-two-two-two
            --E--
            --D--
            --C--
            --A--
            """;

    @ParameterizedTest
    @CsvSource({
        "1, text/plain, one",
        "2, application/octet-stream, two",
        "3, message/rfc822,",
        "3.1, text/plain, three-one",
        "3.2, application/octet-stream, three-two",
        "4, multipart/mixed,",
        "4.1, image/gif, four-one",
        "4.2, message/rfc822,",
        "4.2.1, text/plain, four-two-one",
        "4.2.2, multipart/alternative,",
        "4.2.2.1, text/plain, four-two-two-one",
        "4.2.2.2, text/richtext, four-two-two-two"
    })
    void findsPartByNumber(String number, String type, String body) {
        Parsed parsed = Parsed.of(NUMBERED);
        MimePart part = parsed.find(number);

        assertThat(part.type().mediaType()).isEqualTo(type);
        if (body != null) {
            assertThat(parsed.body(part)).isEqualTo(body);
        }
    }

    @Test
    void hasNoPartOfOtherNumbers() {
        MimePart root = Parsed.of(NUMBERED).root();
        for (List<Integer> number : List.of(
                List.of(0), List.of(5), List.of(1, 1), List.of(3, 3), List.of(4, 2, 1, 1), List.of(4, 2, 2, 3))) {
            assertThat(root.find(number)).as("%s", number).isEmpty();
        }
        assertThat(root.find(List.of())).contains(root);
    }

    @Test
    void countsBodyOfSimpleMessageAsPartOne() {
        Parsed parsed = Parsed.of("Subject: x\n\nHello\nworld");

        assertThat(parsed.find("1")).isEqualTo(parsed.root());
        assertThat(parsed.body(parsed.root())).isEqualTo("Hello\r\nworld");
        assertThat(parsed.root().lines()).isEqualTo(1);
        assertThat(parsed.root().find(List.of(1, 1))).isEmpty();
    }

    @Test
    void entersMessageThatIsTheWholeBody() {
        Parsed parsed = Parsed.of("Content-Type: message/rfc822\n\nSubject: in\n\nHello\n");

        assertThat(parsed.body(parsed.find("1"))).isEqualTo("Subject: in\r\n\r\nHello\r\n");
        assertThat(parsed.body(parsed.find("1.1"))).isEqualTo("Hello\r\n");
        assertThat(parsed.find("1")
                        .message()
                        .orElseThrow()
                        .summary()
                        .orElseThrow()
                        .subject())
                .contains("in");
    }

    @Test
    void leavesPreambleEpilogueAndDelimiterLineEndsOut() {
        Parsed parsed = Parsed.of("""
                Content-Type: multipart/mixed; boundary="simple boundary"

                This is the preamble.

                --simple boundary

                No end of line.
                --simple boundary
                Content-type: text/plain; charset=us-ascii

                An end of line.

                --simple boundary--

                This is the epilogue.
                --simple boundary
                Still the epilogue.
                """);

        assertThat(parsed.root().children()).hasSize(2);
        assertThat(parsed.header(parsed.find("1"))).isEqualTo("\r\n");
        assertThat(parsed.body(parsed.find("1"))).isEqualTo("No end of line.");
        assertThat(parsed.find("1").lines()).isZero();
        assertThat(parsed.body(parsed.find("2"))).isEqualTo("An end of line.\r\n");
        assertThat(parsed.find("2").lines()).isEqualTo(1);
        assertThat(parsed.body(parsed.root()))
                .startsWith("This is the preamble")
                .endsWith("Still the epilogue.\r\n");
    }

    @Test
    void takesPartsOfDigestForMessages() {
        Parsed parsed = Parsed.of("""
                Content-Type: multipart/digest; boundary=D

                --D

                Subject: first

                one
                --D
                Content-Type: text/plain

                two
                --D--
                """);

        assertThat(parsed.find("1").type().mediaType()).isEqualTo("message/rfc822");
        assertThat(parsed.body(parsed.find("1.1"))).isEqualTo("one");
        assertThat(parsed.find("2").type().mediaType()).isEqualTo("text/plain");
    }

    @Test
    void endsInnerMultipartAtOuterDelimiter() {
        Parsed parsed = Parsed.of("""
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: multipart/mixed; boundary=inner

                --inner

                a
                --outer

                b
                --outer--
                """);

        assertThat(parsed.body(parsed.find("1.1"))).isEqualTo("a");
        assertThat(parsed.body(parsed.find("2"))).isEqualTo("b");
    }

    @Test
    void keepsBoundariesApartOfWhichOneStartsTheOther() {
        Parsed parsed = Parsed.of("""
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: multipart/mixed; boundary=bb

                --bb

                --b not alone
                --bb--
                --b  \t

                x
                --b--
                """);

        assertThat(parsed.body(parsed.find("1.1"))).isEqualTo("--b not alone");
        assertThat(parsed.body(parsed.find("2"))).isEqualTo("x");
    }

    @Test
    void survivesPartsWithoutBodyAndWithoutHeader() {
        Parsed parsed = Parsed.of("""
                Content-Type: multipart/mixed; boundary=b

                --b
                --b

                --b
                Content-Type: image/png
                --b
                Content-Type: message/rfc822

                --b
                Content-Type: multipart/mixed; boundary=c
                --b--
                """);

        assertThat(parsed.root().children()).hasSize(5);
        assertThat(parsed.root().children())
                .allSatisfy(part -> assertThat(part.body().length()).isZero());
        assertThat(parsed.find("3").type().mediaType()).isEqualTo("image/png");
        assertThat(parsed.find("4").message()).isPresent();
        assertThat(parsed.find("5").children()).isEmpty();
    }

    @Test
    void takesDelimiterBeforeTheEndForTheLast() {
        Parsed parsed = Parsed.of("""
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: multipart/mixed; boundary=inner

                --inner

                a
                --inner

                --outer

                b
                --outer
                """);

        assertThat(parsed.find("1").children()).hasSize(1);
        assertThat(parsed.root().children()).hasSize(2);
    }

    @Test
    void readsNoFieldsFromMessageInBase64() {
        Parsed parsed = Parsed.of("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTo=\n\nQg==\n");

        assertThat(parsed.body(parsed.find("1.1"))).isEqualTo("QTo=\r\n\r\nQg==\r\n");
        assertThat(parsed.find("1.1").header().length()).isZero();
    }

    @Test
    void takesMultipartWithoutBoundaryForText() {
        assertThat(Parsed.of("Content-Type: multipart/mixed\n\n--\nx\n").root().type())
                .isEqualTo(ContentType.TEXT);
    }

    @Test
    void survivesLoneLineFeeds() {
        byte[] bytes = NUMBERED.getBytes(StandardCharsets.UTF_8);
        Parsed parsed = new Parsed(bytes);

        assertThat(parsed.body(parsed.find("4.2.2.2"))).isEqualTo("four-two-two-two");
    }

    @Test
    void readsWhatThePartSaysOfItself() {
        MimePart part = Parsed.of("""
                        Content-Type: Application/PDF; NAME="a b.pdf"
                        Content-Transfer-Encoding: BASE64 (really)
                        Content-Disposition: Attachment; filename*=utf-8''na%C3%AFve.pdf; size=10
                        Content-Language: de, en-GB
                        Content-ID: <id@x>
                        Content-Description: =?utf-8?q?=C3=A4?=
                        Content-Location: http://x/y
                        Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==

                        x
                        """).root();

        assertThat(part.type().mediaType()).isEqualTo("application/pdf");
        assertThat(part.type().parameter("name")).contains("a b.pdf");
        assertThat(part.encoding()).isEqualTo("base64");
        assertThat(part.disposition().orElseThrow().type()).isEqualTo("attachment");
        assertThat(part.disposition().orElseThrow().filename()).contains("naïve.pdf");
        assertThat(part.languages()).containsExactly("de", "en-GB");
        assertThat(part.id()).contains("<id@x>");
        assertThat(part.description()).contains("=?utf-8?q?=C3=A4?=");
        assertThat(part.location()).contains("http://x/y");
        assertThat(part.md5()).contains("Q2hlY2sgSW50ZWdyaXR5IQ==");
    }

    @Test
    void summarisesHeaderAsImapEnvelopeDoes() {
        HeaderSummary summary = Parsed.of("""
                        Date: Thu, 15 Feb 2007 01:02:03 +0200
                        From: user@domain (Real Name)
                        Sender:
                        To: group: g1@d1.org, g2@d2.org;, group2: g3@d3.org;
                        Message-ID: <msg@id>

                        """).root().summary().orElseThrow();

        assertThat(summary.from())
                .hasToString("[Mailbox[name=Optional[Real Name], route=Optional.empty, "
                        + "localPart=user, domain=domain]]");
        assertThat(summary.sender()).isEqualTo(summary.from());
        assertThat(summary.replyTo()).isEqualTo(summary.from());
        assertThat(HeaderAddress.mailboxes(summary.to())).hasSize(3);
        assertThat(summary.messageId()).contains("<msg@id>");
        assertThat(summary.subject()).isEmpty();
    }

    @Test
    void takesWhatIsTooDeepForOpaque() {
        StringBuilder text = new StringBuilder();
        int levels = MimeStructure.MAX_DEPTH + 50;
        for (int i = 0; i < levels; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append("\n");
        }
        MimePart part = Parsed.of(text.toString()).root();
        int depth = 1;
        while (!part.children().isEmpty()) {
            part = part.children().getFirst();
            depth++;
        }
        assertThat(depth).isEqualTo(MimeStructure.MAX_DEPTH);
        assertThat(part.type()).isEqualTo(ContentType.OPAQUE);
    }

    @Test
    void takesNestedMessagesThatAreTooDeepForOpaque() {
        MimePart part =
                Parsed.of("Content-Type: message/rfc822\n\n".repeat(200)).root();
        int depth = 1;
        while (part.message().isPresent()) {
            part = part.message().get();
            depth++;
        }
        assertThat(depth).isEqualTo(MimeStructure.MAX_DEPTH);
        assertThat(part.type()).isEqualTo(ContentType.OPAQUE);
    }

    @Test
    void countsNoMorePartsThanAllowed() {
        MimePart root = Parsed.of("Content-Type: multipart/mixed; boundary=b\n\n"
                        + "--b\n\nx\n".repeat(MimeStructure.MAX_PARTS + 100) + "--b--\nepilogue\n")
                .root();

        assertThat(root.children()).hasSize(MimeStructure.MAX_PARTS - 1);
        assertThat(root.children().getLast().body().length()).isGreaterThan(100);
    }

    @Test
    void readsNoMoreOfHeadersThanAllowed() {
        String part = "--b\nX: " + "x".repeat(200_000) + "\nContent-Type: image/png\n\n";
        MimePart root = Parsed.of("Content-Type: multipart/mixed; boundary=b\n\n" + part.repeat(30))
                .root();

        assertThat(root.children()).hasSize(30);
        assertThat(root.children().getFirst().type().mediaType()).isEqualTo("image/png");
        assertThat(root.children().getLast().type()).isEqualTo(ContentType.TEXT);
    }

    @Test
    void findsDelimitersAtAnyPlaceOfItsBuffer() {
        for (int length : new int[] {32_000, 32_766, 32_767, 32_768, 32_769, 70_000}) {
            for (int i = 0; i < 40; i++) {
                String line = "y".repeat(length - i);
                Parsed parsed = Parsed.of(
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + line + "\n--b\n\nz\n--b--\n");
                assertThat(parsed.body(parsed.find("1"))).hasSize(length - i);
                assertThat(parsed.body(parsed.find("2"))).isEqualTo("z");
            }
        }
    }

    @Test
    void decodesWhatItEncoded() {
        MimePart root = Parsed.of(NUMBERED).root();
        byte[] encoded = root.encode();

        assertThat(MimePart.decode(encoded)).isEqualTo(root);
        assertThat(encoded.length).isLessThan(700);
    }

    @Test
    void refusesDamagedEncoding() {
        byte[] encoded = Parsed.of(NUMBERED).root().encode();
        for (int i = 0; i < encoded.length; i++) {
            byte[] cut = Arrays.copyOf(encoded, i);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> MimePart.decode(cut))
                    .isInstanceOf(MimeFormatException.class);
        }
    }
}
