package org.posthorn.protocol.reportmail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
}
