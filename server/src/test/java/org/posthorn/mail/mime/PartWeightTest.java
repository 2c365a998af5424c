package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a structure weighs, its form in the index, and the ranges it is made of. */
class PartWeightTest {
    private static long weight(String header) {
        return Parsed.of(header + "\n\n").root().weight();
    }

    /** Caches are bounded by it: two octets for each character, and what lists and records take. */
    @Test
    void weighsWhatItKeeps() {
        long none = weight("X: y");
        assertThat(none).isEqualTo(512);
        assertThat(weight("Subject: abcd")).isEqualTo(none + 8);
        assertThat(weight("Date: abcd")).isEqualTo(none + 8);
        assertThat(weight("In-Reply-To: abcd")).isEqualTo(none + 8);
        assertThat(weight("Message-ID: abcd")).isEqualTo(none + 8);
        assertThat(weight("Content-Description: abcd")).isEqualTo(none + 8);
        assertThat(weight("Content-ID: abcd")).isEqualTo(none + 8);
        assertThat(weight("Content-MD5: abcd")).isEqualTo(none + 8);
        assertThat(weight("Content-Location: abcd")).isEqualTo(none + 8);
        assertThat(weight("Content-Language: de, en-GB")).isEqualTo(none + 2 * 128 + 14);
        assertThat(weight("Content-Type: image/png; name=abcd")).isEqualTo(none + 128 + 16);
        assertThat(weight("Content-Disposition: inline; name=abcd")).isEqualTo(none + 128 + 16);
        assertThat(weight("To: abcd@efgh")).isEqualTo(none + 128 + 192 + 16);
        assertThat(weight("Cc: Name <@r:abcd@efgh>")).isEqualTo(none + 128 + 192 + 16 + 8 + 4);
        assertThat(weight("Bcc: g: a@b, c@d;")).isEqualTo(none + 128 + 2 * 192 + 8);
        assertThat(weight("From: a@b")).isEqualTo(none + 3 * (128 + 192 + 4));
        assertThat(weight("Content-Type: message/rfc822\n\nSubject: abcd")).isEqualTo(2 * none + 8);
    }

    @Test
    void readsEverythingThatItWrote() {
        MimePart root = Parsed.of("""
                        Date: today
                        Subject: x
                        From: Anna <anna@x.test>
                        Sender: berta@x.test
                        Reply-To: g: carl@x.test, <@r.test:dora@x.test>;
                        To: e@x.test, h:;
                        Cc: f@x.test
                        Bcc: g@x.test
                        In-Reply-To: <1@x>
                        Message-ID: <2@x>
                        Content-Type: text/plain; charset=utf-8; format=flowed
                        Content-Transfer-Encoding: 8bit
                        Content-Disposition: inline; filename=a
                        Content-Language: de, en
                        Content-Location: l
                        Content-ID: <3@x>
                        Content-Description: d
                        Content-MD5: m

                        one
                        """ + "x".repeat(200)).root();
        assertThat(MimePart.decode(root.encode())).isEqualTo(root);
        assertThat(root.summary().orElseThrow().sender())
                .isNotEqualTo(root.summary().orElseThrow().from());
        byte[] more = Arrays.copyOf(root.encode(), root.encode().length + 1);
        assertThatThrownBy(() -> MimePart.decode(more))
                .isInstanceOf(MimeFormatException.class)
                .hasMessage("bytes after the structure");
        byte[] other = root.encode();
        other[0]++;
        assertThatThrownBy(() -> MimePart.decode(other)).hasMessage("structure of another version");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, (1L << 56) - 1})
    void numbersOf56BitsComeBack(long number) {
        CodecOutput out = new CodecOutput();
        out.number(number);
        CodecInput in = new CodecInput(out.toBytes());
        assertThat(in.number()).isEqualTo(number);
        in.expectEnd();
    }

    @Test
    void largerNumbersAndLongerTextsAreDamage() {
        CodecOutput out = new CodecOutput();
        out.number(1L << 56);
        assertThatThrownBy(() -> new CodecInput(out.toBytes()).number()).hasMessage("number too large");
        assertThat(new CodecInput(new byte[] {1, 'x'}).text()).isEqualTo("x");
        assertThatThrownBy(() -> new CodecInput(new byte[] {2, 'x'}).text()).hasMessage("structure cut short");
        assertThatThrownBy(() -> new CodecInput(new byte[] {}).present()).hasMessage("structure cut short");
    }

    @Test
    void rangesLieWithinEachOther() {
        ByteRange range = new ByteRange(10, 20);
        assertThat(range.end()).isEqualTo(30);
        assertThat(range.sub(0, 5)).isEqualTo(new ByteRange(10, 5));
        assertThat(range.sub(15, 100)).isEqualTo(new ByteRange(25, 5));
        assertThat(range.sub(20, 1)).isEqualTo(new ByteRange(30, 0));
        assertThat(range.sub(21, 1)).isEqualTo(new ByteRange(30, 0));
        assertThat(ByteRange.between(10, 30)).isEqualTo(range);
        assertThat(new ByteRange(0, 0).end()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(0, -1));
        MimePart part = Parsed.of("A: b\n\nbody\n").root();
        assertThat(part.whole()).isEqualTo(new ByteRange(0, 14));
    }

    @Test
    void limitsAreThoseOfTheDocuments() {
        assertThat(List.of(
                        MimeStructure.MAX_DEPTH,
                        MimeStructure.MAX_PARTS,
                        MimeStructure.MAX_BOUNDARY,
                        MimeStructure.MAX_HEADERS,
                        MimeStructure.MAX_TEXT,
                        MimeStructure.MAX_NAME))
                .containsExactly(100, 10_000, 1_000, 4_194_304, 524_288, 127);
    }

    @Test
    void boundariesHave1000Octets() {
        String boundary = "b".repeat(1_000);
        String message = "Content-Type: multipart/mixed; boundary=%1$s\n\n--%1$s\n\none\n--%1$s--\n";
        assertThat(Parsed.of(message.formatted(boundary)).root().children()).hasSize(1);
        assertThat(Parsed.of(message.formatted(boundary + "b")).root().type()).isEqualTo(ContentType.TEXT);
        MimePart eightBit = Parsed.of(message.formatted("gr\u00fcn")).root();
        assertThat(eightBit.children()).hasSize(1);
    }

    /** 32 for each text beside its octets: the last that fits is kept. */
    @Test
    void keepsTextUpToHalfAMebibyte() {
        assertThat(kept(524_288 - 32)).isPresent();
        assertThat(kept(524_288 - 31)).isEmpty();
    }

    private static Optional<String> kept(int octets) {
        TextAllowance allowance = new TextAllowance();
        return allowance.keep(Optional.of("x".repeat(octets)));
    }

    @Test
    void namesThatDoNotFitBecomeWhatMatters() {
        String name = "x".repeat(128);
        assertThat(Parsed.of("Content-Type: multipart/" + name + "; boundary=b\n\n--b\n\n--b--\n")
                        .root()
                        .type())
                .isEqualTo(ContentType.MIXED);
        assertThat(Parsed.of("Content-Type: image/" + name + "\n\n").root().type())
                .isEqualTo(ContentType.OPAQUE);
        assertThat(Parsed.of("Content-Transfer-Encoding: " + name + "\n\n")
                        .root()
                        .encoding())
                .isEqualTo("binary");
        assertThat(Parsed.of("Content-Transfer-Encoding: " + name.substring(1) + "\n\n")
                        .root()
                        .encoding())
                .isEqualTo(name.substring(1));
        assertThat(Parsed.of("Content-Disposition: " + name + "\n\n").root().disposition())
                .isEmpty();
        for (String encoding : List.of("7bit", "8bit", "base64", "quoted-printable", "binary")) {
            assertThat(Parsed.of("Content-Transfer-Encoding: " + encoding.toUpperCase(Locale.ROOT) + "; x\n\n")
                            .root()
                            .encoding())
                    .isEqualTo(encoding);
        }
        assertThat(Parsed.of("Content-Transfer-Encoding: ,\n\n").root().encoding())
                .isEqualTo("7bit");
        assertThat(Parsed.of("Content-Transfer-Encoding: \"BASE64\"\n\n").root().encoding())
                .isEqualTo("base64");
    }
}
