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

    /** RFC 5892 2.6 and the tables of RFC 8264 9: first and last of each range, and what lies beside. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x20, 0x7F, 0x0640, 0x07FA, 0x302E, 0x302F, 0x3031, 0x3035, 0x303B, 0x034F, 0x1100, 0x115F, 0x11FF,
                0xA960, 0xA97C, 0xD7B0, 0xD7FB, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x3164, 0xFE00, 0xFE0F, 0xFFA0, 0xE0100,
                0xE01EF
            })
    void refusesWhatIsNoIdentifier(int c) {
        assertThat(UserName.isValid("a" + Character.toString(c))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x21, 0x7E, 0x0F0B, 0x3007, 0x3105, 0x1200, 0x17B3, 0x4E00})
    void takesWhatLiesBeside(int c) {
        assertThat(UserName.isValid("a" + Character.toString(c))).isTrue();
    }
}
