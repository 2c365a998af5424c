package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserNameTest {
    @ParameterizedTest
    @CsvSource({
        "Alice, alice",
        "J\u00dcRGEN, j\u00fcrgen",
        "ju\u0308rgen, j\u00fcrgen",
        "\uff21\uff4c\uff49\uff43\uff45, alice",
        "\uff76\uff9e, \u30ac",
        "stra\u00dfe, stra\u00dfe",
        "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2, \u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2"
    })
    void hasOneFormForOneName(String typed, String name) {
        assertThat(UserName.mapped(typed)).isEqualTo(name);
        assertThat(UserName.mapped(name)).isEqualTo(name);
        assertThat(UserName.isValid(name)).isTrue();
    }

    /** RFC 8265 3.5 and RFC 8264 4.2: what looks like something else, is not seen, or goes both ways. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fo o",
                "\ufb01n",
                "henry\u2163",
                "\u265a",
                "a\u200db",
                "a\u00adb",
                "a\u034fb",
                "a\u3164b",
                "\u1100\u1161",
                "a\u0640b",
                "\u0661\u06f1",
                "\u0000",
                "\u0378",
                "\u05d0a",
                "a\u05d0",
                "1\u05d0",
                "ju\u0308rgen",
                "Alice"
            })
    void refusesWhatCannotBeToldApart(String name) {
        assertThat(UserName.isValid(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u05e9\u05dc\u05d5\u05dd", "\u05d01", "\u0633\u0627\u0631\u0627\u0661", "\u3007", "a+b.c-d_e"})
    void takesOtherScripts(String name) {
        assertThat(UserName.mapped(name)).isEqualTo(name);
        assertThat(UserName.isValid(name)).isTrue();
    }

    @Test
    void anAddressThatWouldGrowTooLongStaysAsItIs() {
        // U+0130 is two octets, its lower case three.
        Address longest = new Address("\u0130".repeat(32), Domain.parse("posthorn.test"));
        assertThat(longest.canonical()).isEqualTo(longest);
        assertThat(new Address("\u0130".repeat(21), Domain.parse("posthorn.test"))
                        .canonical()
                        .localPart())
                .isEqualTo("i\u0307".repeat(21));
    }
}
