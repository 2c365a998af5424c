package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenAddressesTest {
    private static List<String> in(String text) {
        return WrittenAddresses.in(text, 10).stream().map(Address::toString).toList();
    }

    @Test
    void findsWhatLooksLikeAnAddress() {
        assertThat(in("a@b.test")).containsExactly("a@b.test");
        assertThat(in("x <a@b.test>,c@d.test;(no@x.test) e@f.test:g@h.test"))
                .containsExactly("a@b.test", "c@d.test", "e@f.test", "g@h.test");
        assertThat(in("\"a@b.test\" c@d.test")).containsExactly("c@d.test");
        assertThat(in("\"a\\\"@b.test\" (x\\) y@z.test) c@d.test")).containsExactly("c@d.test");
        assertThat(in("a@b@c.test")).containsExactly("a@b", "b@c.test");
        assertThat(in("@b.test a@ @")).isEmpty();
        assertThat(in("a\tb@c.test\u0001d")).containsExactly("b@c.test");
        assertThat(WrittenAddresses.in("a@b.test c@d.test e@f.test", 2)).hasSize(2);
    }

    /** What is not closed is neither a quoted string nor a comment. */
    @Test
    void readsOnWhereNothingIsClosed() {
        assertThat(in("\"a@b.test (c@d.test")).containsExactly("a@b.test", "c@d.test");
        assertThat(in("(x) \"y\" a@b.test \"")).containsExactly("a@b.test");
        assertThat(in("a@b.test \"\\")).containsExactly("a@b.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.test c@d.test",
                "a@b.test c",
                "a@b.test \t c",
                "x (c@d.test) a@b.test",
                "a@b.test \"c@d.test\"",
                "\"x\" \"c@d.test\" a@b.test",
                "\"c@d.test\" a@b.test ("
            })
    void isAmbiguousWhereReadersMayDisagree(String value) {
        assertThat(WrittenAddresses.isAmbiguous(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "\"@\" (@)",
                "a@b.test",
                "a@b.test  ",
                "a@b.test, c",
                "x a@b.test",
                "(c@b.test) a@b.test",
                "\"c@d.test\" a@b.test",
                " \"c@d.test\" <a@b.test>"
            })
    void isPlainWhereTheyCannot(String value) {
        assertThat(WrittenAddresses.isAmbiguous(value)).isFalse();
    }

    /** A hundred addresses of one domain are too many to tell. */
    @Test
    void comparesNinetyNineAddresses() {
        assertThat(WrittenAddresses.isAmbiguous("(" + "a@b.test ".repeat(98) + ") a@b.test"))
                .isFalse();
        assertThat(WrittenAddresses.isAmbiguous("(" + "a@b.test ".repeat(99) + ") a@b.test"))
                .isTrue();
    }
}
