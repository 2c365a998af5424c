package org.posthorn.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
