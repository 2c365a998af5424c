package org.posthorn.dns.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneRecordTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static ZoneRecord record(RecordData data) {
        return new ZoneRecord("host.example.org", HOUR, data);
    }

    static Stream<RecordData> allKinds() {
        return Stream.of(
                new RecordData.Address(InetAddress.ofLiteral("192.0.2.1")),
                new RecordData.Address(InetAddress.ofLiteral("2001:db8::1")),
                new RecordData.Mx(10, "mx.example.org"),
                new RecordData.Mx(0, ""),
                new RecordData.Txt(""),
                new RecordData.Txt("say \"hi\" \\ and \u00e4; ok"),
                new RecordData.Txt("x".repeat(700)),
                new RecordData.Cname("_x.example.net"),
                new RecordData.Srv(10, 1, 587, "mx.example.org"),
                new RecordData.Srv(0, 0, 0, ""),
                new RecordData.Tlsa(3, 1, 1, "00ff".repeat(16)),
                new RecordData.Caa(128, "issue", "ca.example.net; policy=\"ev\" \\ \u00e4"),
                new RecordData.Ptr("mx.example.org"));
    }

    @ParameterizedTest
    @MethodSource("allKinds")
    void isReadBackFromItsPresentationAndFromTheWire(RecordData data) {
        assertThat(RecordReader.parse(data.type(), data.presentation())).isEqualTo(data);
        assertThat(RecordReader.of(RecordReader.toDnsjava(record(data)))).contains(record(data));
    }

    @Test
    void splitsTextIntoStringsOf255Octets() {
        assertThat(new RecordData.Txt("a".repeat(256)).presentation()).isEqualTo("\"" + "a".repeat(255) + "\" \"a\"");
        assertThat(new RecordData.Txt("a".repeat(255)).presentation()).isEqualTo("\"" + "a".repeat(255) + "\"");
    }

    @Test
    void quotesWhatWouldEndAString() {
        assertThat(new RecordData.Txt("a\"b\\c\u0000\u00ff").presentation()).isEqualTo("\"a\\\"b\\\\c\\000\\255\"");
        assertThat(new RecordData.Txt("a\"b").plain()).isEqualTo("a\"b");
    }

    @Test
    void keepsThePriorityApartForWebForms() {
        assertThat(new RecordData.Mx(10, "mx.example.org").plain()).isEqualTo("mx.example.org");
        assertThat(new RecordData.Mx(10, "mx.example.org").rank()).hasValue(10);
        assertThat(new RecordData.Srv(20, 1, 993, "mx.example.org").plain()).isEqualTo("1 993 mx.example.org");
        assertThat(new RecordData.Srv(20, 1, 993, "mx.example.org").rank()).hasValue(20);
    }

    @Test
    void writesNamesRelativeToTheZone() {
        ZoneRecord record = record(new RecordData.Txt("x"));
        assertThat(record.nameIn("example.org")).isEqualTo("host");
        assertThat(record.nameIn("host.example.org")).isEqualTo("@");
        assertThat(record.nameIn("ample.org")).isEqualTo("host.example.org");
        assertThat(record.zoneLine()).isEqualTo("host.example.org. 3600 IN TXT \"x\"");
    }

    @Test
    void writesIpv6AsRfc5952() {
        List<String> texts = List.of("2001:db8::1", "::1", "2001:db8:0:1:1:1:1:1", "1:0:0:2::3", "2001:db8::");
        assertThat(texts.stream().map(text -> new RecordData.Address(InetAddress.ofLiteral(text)).presentation()))
                .containsExactly("2001:db8::1", "::1", "2001:db8:0:1:1:1:1:1", "1:0:0:2::3", "2001:db8::");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a..b", "a.", ".a", "Aa.org", "a b.org", "a\".org", "a\n.org", "\u00e4.org", "a;b"})
    void refusesNamesThatNeedEscapes(String name) {
        assertThatThrownBy(() -> new ZoneRecord(name, HOUR, new RecordData.Txt("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatThrownBy(() -> new RecordData.Txt("x".repeat(RecordData.MAX_TEXT + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> record(new RecordData.Cname("x".repeat(64) + ".org")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> record(new RecordData.Cname("x.".repeat(130) + "org")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordReader.parse(PublishedType.TXT, "\"" + "x".repeat(300_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "mx 10", "70000 mx.example.org.", "10 mx.example.org. more", "10 a\\.b.org."})
    void refusesDataThatIsNoMx(String text) {
        assertThatThrownBy(() -> RecordReader.parse(PublishedType.MX, text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
