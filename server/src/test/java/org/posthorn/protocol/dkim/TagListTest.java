package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6376 3.2, and the tags that signatures, seals and key records have in common. */
class TagListTest {
    private static TagList tags(String text) {
        return TagList.parse(text);
    }

    private static void refused(String text, String reason) {
        assertThatThrownBy(() -> tags(text))
                .isInstanceOf(DkimSyntaxException.class)
                .hasMessage(reason);
    }

    @Test
    void readsTagsAndTheirValues() {
        TagList list = tags(" a = b c ;\r\n\tAz_09= \t;z=x=y;");
        assertThat(list.first()).contains("a");
        assertThat(list.find("a")).contains("b c");
        assertThat(list.word("a")).contains("bc");
        assertThat(list.find("Az_09")).contains("");
        assertThat(list.find("z")).contains("x=y");
        assertThat(list.has("z")).isTrue();
        assertThat(list.has("az_09")).isFalse();
        assertThat(list.require("z")).isEqualTo("x=y");
        assertThatThrownBy(() -> list.require("Az_09")).hasMessage("tag Az_09 is missing");
        assertThat(tags("").first()).isEmpty();
        assertThat(tags(" ").first()).isEmpty();
        assertThat(tags("a=~\u0080").find("a")).contains("~\u0080");
    }

    @Test
    void refusesWhatIsNoList() {
        refused("a=b;;", "an empty tag");
        refused(";a=b", "an empty tag");
        refused("a", "a tag without value: a");
        refused("=b", "not a tag's name: ");
        for (String name : new String[] {"1a", "_a", "a-b", "a/", "a:", "a@", "a[", "a`", "a{", "@", "[", "`", "{"}) {
            refused(name + "=b", "not a tag's name: " + name);
        }
        refused("a=b;a=c", "tag a occurs twice");
        refused("a=b\u001fc", "a control character in tag a");
        refused("a=b\u007fc", "a control character in tag a");
        refused("a\u00fc\u0001" + "x".repeat(60), "a tag without value: a??" + "x".repeat(37) + "...");
        assertThat(TagList.shown("x".repeat(40))).isEqualTo("x".repeat(40));
    }

    @Test
    void readsAHundredTags() {
        String hundred = IntStream.range(0, 100).mapToObj(i -> "t" + i + "=x").collect(Collectors.joining(";"));
        assertThat(tags(hundred).has("t99")).isTrue();
        refused(hundred + ";a=b", "more than 100 tags");
    }

    @Test
    void numbersHave18Digits() {
        assertThat(tags("a=000000000000000009").number("a")).hasValue(9);
        assertThat(tags("a=" + "9".repeat(18)).number("a")).hasValue(999_999_999_999_999_999L);
        assertThat(tags("b=1").number("a")).isEmpty();
        for (String wrong : new String[] {"", "1".repeat(19), "1/", "1:", "-1", "1 2"}) {
            assertThatThrownBy(() -> tags("a=" + wrong).number("a")).hasMessageStartingWith("tag a is not a number: ");
        }
    }

    @Test
    void selectorsHave200Characters() {
        assertThat(tags("s=" + "x".repeat(200)).selector()).hasSize(200);
        assertThatThrownBy(() -> tags("s=" + "x".repeat(201)).selector()).hasMessageStartingWith("not a selector: xxx");
        assertThatThrownBy(() -> tags("s=a b").selector()).hasMessage("not a selector: a b");
        assertThat(tags("s=\u00c3\u00bc").selector()).isEqualTo("\u00fc");
        assertThat(tags("d=b\u00c3\u00bccher.example").domain().name()).isEqualTo("xn--bcher-kva.example");
        assertThatThrownBy(() -> tags("d=[192.0.2.1]").domain()).hasMessage("not a domain: [192.0.2.1]");
        assertThatThrownBy(() -> tags("d=x..y").domain()).hasMessage("not a domain: x..y");
    }

    @ParameterizedTest
    @CsvSource({
        "a=3Db, a=b",
        "a=3db, a=3db",
        "a=3, a=3",
        "a=, a=",
        "=41=5A=30=39, AZ09",
        "=4/, =4/",
        "=4:, =4:",
        "=4G, =4G",
        "=@1, =@1",
        "'a =\t3D b', a=b",
        "=C3=BC, \u00fc"
    })
    void readsQuotedPrintable(String written, String meant) {
        assertThat(tags("i=" + written).quotedPrintable("i")).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=00", "=0A", "=7F"})
    void refusesControlsInQuotedPrintable(String written) {
        assertThatThrownBy(() -> tags("i=" + written).quotedPrintable("i")).hasMessage("a control character in tag i");
    }

    @Test
    void readsBase64WithWhiteSpace() {
        assertThat(tags("b= QU\r\n\tJD ").base64("b")).isEqualTo(new byte[] {'A', 'B', 'C'});
        assertThatThrownBy(() -> tags("b=!").base64("b")).isInstanceOf(DkimSyntaxException.class);
        assertThatThrownBy(() -> tags("b=").base64("b")).isInstanceOf(DkimSyntaxException.class);
    }
}
