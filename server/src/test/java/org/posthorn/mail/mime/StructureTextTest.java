package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a structure keeps of the headers: their octets, and not more than there is room for. */
class StructureTextTest {
    @Test
    void keepsNoMoreTextThanAllowed() {
        String part = "--b\nContent-Type: image/png\nContent-Description: " + "x".repeat(4000) + "\n\nx\n";
        MimePart root = Parsed.of("Content-Type: multipart/mixed; boundary=b\n\n" + part.repeat(1000) + "--b--\n")
                .root();

        int kept = root.children().stream()
                .mapToInt(child -> child.description().orElse("").length())
                .sum();
        assertThat(root.children()).hasSize(1000);
        assertThat(kept).isBetween(400_000, 524_288);
        assertThat(root.encode()).hasSizeLessThan(600_000);
        assertThat(root.children().getLast().description()).isEmpty();
        assertThat(MimePart.decode(root.encode())).isEqualTo(root);
        assertThat(root.weight()).isBetween(2L * kept, 4_000_000L);
    }

    @Test
    void keepsNoMoreAddressesThanAllowed() {
        String list = "a@b,".repeat(60_000);
        HeaderSummary summary = Parsed.of("From: a@b\nTo: " + list + "\nCc: " + list + "\n\n")
                .root()
                .summary()
                .orElseThrow();

        assertThat(summary.from()).hasSize(1);
        assertThat(summary.to().size() + summary.cc().size()).isBetween(3000, 4096);
    }

    @Test
    void namesOfTypesAreNoLongerThanAllowed() {
        MimePart longName =
                Parsed.of("Content-Type: text/" + "x".repeat(128) + "\n\n").root();
        MimePart name =
                Parsed.of("Content-Type: text/" + "x".repeat(127) + "\n\n").root();

        assertThat(longName.type()).isEqualTo(ContentType.TEXT);
        assertThat(name.type().subtype()).hasSize(127);
    }

    @Test
    void textsAreTheOctetsOfTheHeader() {
        byte[] cut = {(byte) 0xd0, (byte) 0xb3, (byte) 0xc3};
        String octets = new String(cut, StandardCharsets.ISO_8859_1);
        byte[] message = ("Subject: " + octets + "\r\nContent-Type: application/pdf; name=\"" + octets + "\"\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        MimePart root = new Parsed(message).root();

        assertThat(root.summary().orElseThrow().subject()).contains(octets);
        assertThat(root.type().parameters().entries().getFirst().value()).isEqualTo(octets);
        assertThat(MimePart.decode(root.encode())).isEqualTo(root);
    }
}
