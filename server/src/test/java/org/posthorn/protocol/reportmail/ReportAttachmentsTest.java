package org.posthorn.protocol.reportmail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.reportmail.ReportDocument.Format;
import org.posthorn.testing.Conformance;

class ReportAttachmentsTest {
    private static final byte[] XML = "<feedback/>".getBytes(UTF_8);

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] zip(byte[]... files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < files.length; i++) {
                zip.putNextEntry(new ZipEntry(i + ".xml"));
                zip.write(files[i]);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static List<String> texts(List<ReportDocument> documents) {
        return documents.stream()
                .map(document -> new String(document.bytes(), UTF_8))
                .toList();
    }

    @Test
    void unpacksPlainGzipZipAndOneInTheOther() throws IOException {
        assertThat(texts(Unpacker.unpack(XML))).containsExactly("<feedback/>");
        assertThat(texts(Unpacker.unpack(gzip(XML)))).containsExactly("<feedback/>");
        assertThat(texts(Unpacker.unpack(zip(XML, "read me".getBytes(UTF_8), "{}".getBytes(UTF_8)))))
                .containsExactly("<feedback/>", "{}");
        assertThat(texts(Unpacker.unpack(zip(gzip(XML))))).containsExactly("<feedback/>");
        assertThat(Unpacker.unpack("GIF89a".getBytes(UTF_8))).isEmpty();
    }

    @Test
    void refusesBombs() throws IOException {
        byte[] zeros = gzip(new byte[Unpacker.MAX_UNPACKED]);
        assertThatThrownBy(() -> Unpacker.unpack(zeros))
                .isInstanceOf(UnreadableAttachmentException.class)
                .hasMessageContaining("times its size");
        byte[] noise = new byte[Unpacker.MAX_UNPACKED + 1];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ((i * i) >> 9);
        }
        byte[] large = gzip(noise);
        assertThatThrownBy(() -> Unpacker.unpack(large))
                .isInstanceOf(UnreadableAttachmentException.class)
                .hasMessageContaining("more than");
        byte[][] files = new byte[Unpacker.MAX_ENTRIES + 1][0];
        byte[] many = zip(files);
        assertThatThrownBy(() -> Unpacker.unpack(many)).hasMessageContaining("files in it");
        byte[] nested = zip(zip(zip(XML)));
        assertThatThrownBy(() -> Unpacker.unpack(nested)).hasMessageContaining("packed more than");
        // each file alone is harmless, all together are not
        byte[][] twins = new byte[Unpacker.MAX_ENTRIES][1 << 20];
        byte[] sum = zip(twins);
        assertThatThrownBy(() -> Unpacker.unpack(sum)).isInstanceOf(UnreadableAttachmentException.class);
        assertThatThrownBy(() -> Unpacker.unpack(new byte[Unpacker.MAX_PACKED + 1]))
                .hasMessageContaining("octets");
    }

    @Test
    void refusesDamagedFiles() throws IOException {
        byte[] whole = gzip("<feedback>0123456789</feedback>".getBytes(UTF_8));
        byte[] cut = Arrays.copyOf(whole, whole.length - 12);
        assertThatThrownBy(() -> Unpacker.unpack(cut))
                .isInstanceOf(UnreadableAttachmentException.class)
                .hasMessageStartingWith("damaged");
    }

    @Test
    void passesOverTextsAndFindsReportsByTheirOctets() throws IOException {
        String message =
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n<feedback/> is what people read\r\n"
                        + "--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<html/>\r\n"
                        + "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getEncoder().encodeToString(gzip(XML)) + "\r\n--b--\r\n";
        List<ReportDocument> found = ReportAttachments.of(MessageContent.of(message.getBytes(ISO_8859_1)));
        assertThat(texts(found)).containsExactly("<feedback/>");
    }

    @Test
    void findsTheReportInEveryMailOfTheCollections() throws IOException {
        Path reports = Conformance.require("reports");
        List<String> found = new ArrayList<>();
        for (String folder : List.of("dmarc-mail-auth", "dmarc-mox", "dmarc-parsedmarc", "tlsrpt-mail-auth")) {
            try (Stream<Path> files = Files.list(reports.resolve(folder))) {
                for (Path file : files.filter(name -> name.toString().endsWith(".eml"))
                        .sorted()
                        .toList()) {
                    List<ReportDocument> documents =
                            ReportAttachments.of(MessageContent.ofFile(file, 0, Files.size(file)));
                    assertThat(documents).as("%s", file).hasSize(1);
                    assertThat(documents.getFirst().format())
                            .isEqualTo(folder.startsWith("tls") ? Format.JSON : Format.XML);
                    found.add(String.valueOf(file.getFileName()));
                }
            }
        }
        assertThat(found).hasSize(9);
    }

    private static byte[] zeros(int length, int packed) throws IOException {
        return Arrays.copyOf(zip(new byte[length]), packed);
    }

    @Test
    void refusesMoreThan200TimesItsSizeBeyondTheFirstMebibyte() throws IOException {
        assertThat(Unpacker.unpack(zip(new byte[1_048_576]))).isEmpty();
        byte[] larger = zip(new byte[1_048_577]);
        assertThatThrownBy(() -> Unpacker.unpack(larger)).hasMessage("unpacks to more than 200 times its size");
        assertThat(Unpacker.unpack(zeros(2_000_000, 10_000))).isEmpty();
        byte[] smaller = zeros(2_000_000, 9_999);
        assertThatThrownBy(() -> Unpacker.unpack(smaller)).hasMessage("unpacks to more than 200 times its size");
    }

    @Test
    void unpacks16MiBOfAtMost10MiB() throws IOException {
        assertThat(Unpacker.unpack(zeros(16_777_216, 100_000))).isEmpty();
        byte[] more = zeros(16_777_217, 100_000);
        assertThatThrownBy(() -> Unpacker.unpack(more)).hasMessage("unpacks to more than 16777216 octets");
        assertThat(Unpacker.unpack(new byte[10_485_760])).isEmpty();
        assertThatThrownBy(() -> Unpacker.unpack(new byte[10_485_761])).hasMessage("more than 10485760 octets");
    }

    @Test
    void looksAtTwentyFilesAndIntoTwoLayers() throws IOException {
        byte[][] twenty = new byte[20][0];
        twenty[19] = XML;
        assertThat(Unpacker.unpack(zip(twenty))).hasSize(1);
        assertThat(Unpacker.unpack(gzip(gzip(XML)))).hasSize(1);
        byte[] three = gzip(gzip(gzip(XML)));
        assertThatThrownBy(() -> Unpacker.unpack(three)).hasMessage("packed more than 2 times");
    }

    @Test
    void passesOverFoldersAndOtherFiles() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("folder/"));
            zip.write(XML);
            zip.putNextEntry(new ZipEntry("file"));
            zip.write("{}".getBytes(UTF_8));
        }
        assertThat(texts(Unpacker.unpack(out.toByteArray()))).containsExactly("{}");
        assertThat(Unpacker.unpack(new byte[0])).isEmpty();
        assertThat(Unpacker.unpack(new byte[] {0x1f, (byte) 0x8b})).isEmpty();
        assertThat(Unpacker.unpack("PK\3\4".getBytes(ISO_8859_1))).isEmpty();
        for (String other : List.of("PK\3\5<", "PK\4\4<", "Pk\3\4<", "QK\3\4<", "\u001f\u008a<", "\u001e\u008b<")) {
            assertThat(Unpacker.unpack(other.getBytes(ISO_8859_1))).isEmpty();
        }
        assertThat(Unpacker.unpack("\ufeff \t\r\n<a/>".getBytes(StandardCharsets.UTF_16BE)))
                .hasSize(1);
        assertThat(Unpacker.unpack("\ufeff{}".getBytes(UTF_8))).hasSize(1);
    }

    private static List<ReportDocument> inMail(String... parts) throws IOException {
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + String.join("\r\n--b\r\n", parts)
                + "\r\n--b--\r\n";
        return ReportAttachments.of(MessageContent.of(message.getBytes(ISO_8859_1)));
    }

    @Test
    void textsCountWhereTheyAreAttached() throws IOException {
        assertThat(inMail("Content-Type: text/plain\r\n\r\n<a/>")).isEmpty();
        assertThat(inMail("Content-Type: text/html\r\n\r\n<a/>")).isEmpty();
        assertThat(inMail("Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\n<a/>"))
                .hasSize(1);
        assertThat(inMail("Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<a/>"))
                .isEmpty();
        assertThat(inMail("Content-Type: text/xml\r\n\r\n<a/>")).hasSize(1);
    }

    @Test
    void findsTheReportInAForwardedMessage() throws IOException {
        assertThat(texts(inMail("Content-Type: message/rfc822\r\n\r\nContent-Type: text/xml\r\n\r\n<a/>")))
                .containsExactly("<a/>");
    }

    @Test
    void looksAtFiftyPartsAndTheFirst256OctetsOfEach() throws IOException {
        String[] parts = new String[51];
        Arrays.fill(parts, "Content-Type: image/png\r\n\r\nx");
        parts[49] = "Content-Type: text/xml\r\n\r\n<a/>";
        parts[50] = "Content-Type: text/xml\r\n\r\n<b/>";
        assertThat(texts(inMail(parts))).containsExactly("<a/>");
        assertThat(inMail("Content-Type: text/xml\r\n\r\n" + " ".repeat(255) + "<a/>"))
                .hasSize(1);
        assertThat(inMail("Content-Type: text/xml\r\n\r\n" + " ".repeat(256) + "<a/>"))
                .isEmpty();
    }

    @Test
    void refusesAnAttachmentThatIsTooLarge() throws IOException {
        String start = "Content-Type: text/xml\r\n\r\n<";
        assertThat(inMail(start + "a".repeat(10_485_759)).getFirst().bytes()).hasSize(10_485_760);
        assertThatThrownBy(() -> inMail(start + "a".repeat(10_485_760))).hasMessage("more than 10485760 octets");
    }
}
