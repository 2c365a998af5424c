package org.posthorn.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {
    /** RFC 4013 3, rows 1 to 5. */
    @ParameterizedTest
    @CsvSource({"I\u00adX,IX", "user,user", "USER,USER", "\u00aa,a", "\u2168,IX", "a\u3000b,a b"})
    void prepares(String input, String output) {
        assertThat(SaslPrep.query(input)).isEqualTo(output);
    }

    /** RFC 4013 3, rows 6 and 7, and more. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0007", "\u06271", "\ue000", "\ufdd0", "a\u202eb", "\ud800", "\u0627a\u0627", "\ufffd"})
    void refuses(String input) {
        assertThatThrownBy(() -> SaslPrep.query(input)).isInstanceOf(SaslSyntaxException.class);
    }

    @Test
    void refusesUnassignedCharactersOnlyForStorage() {
        String unassigned = new String(Character.toChars(0x3FFF0));
        assertThat(SaslPrep.query(unassigned)).isEqualTo(unassigned);
        assertThatThrownBy(() -> SaslPrep.stored(unassigned)).isInstanceOf(SaslSyntaxException.class);
        assertThat(SaslPrep.stored("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
    }

    /** First and last of what RFC 3454 prohibits (C.2 to C.9) and what lies beside. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x0000, 0x001F, 0x007F, 0x009F, 0x06DD, 0x070F, 0x180E, 0x200E, 0x200F, 0x2028, 0x202E, 0x2061, 0x2063,
                0x206A, 0x206F, 0x2FF0, 0x2FFB, 0xE000, 0xF8FF, 0xFDEF, 0xFFF9, 0xFFFE, 0xFFFF, 0x1FFFE, 0x1FFFF,
                0x1D173, 0x1D17A, 0xE0001, 0xE0020, 0xE007F, 0xF0000, 0x10FFFF
            })
    void refusesEachEndOfARange(int c) {
        String text = "a" + Character.toString(c);
        assertThatThrownBy(() -> SaslPrep.query(text))
                .isInstanceOf(SaslSyntaxException.class)
                .hasMessage("prohibited character");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x0020,
                0x007E,
                0x06DC,
                0x2060,
                0x2064,
                0x2070,
                0x2FFC,
                0xFE10,
                0xFFFC - 4,
                0x1D172,
                0x1FFFD,
                0xE0080
            })
    void takesWhatLiesBesideARange(int c) {
        assertThatCode(() -> SaslPrep.query("a" + Character.toString(c))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00A0, 0x1680, 0x2000, 0x200B, 0x202F, 0x205F, 0x3000})
    void otherSpacesBecomeSpaces(int space) {
        assertThat(SaslPrep.query("a" + Character.toString(space) + "b")).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00AD, 0x034F, 0x1806, 0x180B, 0x180D, 0x200C, 0x200D, 0x2060, 0xFE00, 0xFE0F, 0xFEFF})
    void someCharactersAreMappedToNothing(int c) {
        assertThat(SaslPrep.query("a" + Character.toString(c) + "b")).isEqualTo("ab");
    }

    /** RFC 3454 6: Hebrew and Arabic words stand alone; a digit may stand between, but neither first nor last. */
    @Test
    void rightToLeftTextBeginsAndEndsSo() {
        assertThat(SaslPrep.query("\u05d01\u0627")).isEqualTo("\u05d01\u0627");
        assertThat(SaslPrep.query("\ud83a\udd00")).isEqualTo("\ud83a\udd00");
        for (String mixed : List.of("1\u05d0", "\u05d01", "\u05d0a\u05d0")) {
            assertThatThrownBy(() -> SaslPrep.query(mixed)).hasMessage("mixed writing directions");
        }
    }
}
